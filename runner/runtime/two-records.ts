import { fold } from "../journal/fold.ts";
import type { Back } from "../journal/meant.ts";
import type { Journal } from "../journal/reader.ts";
import type { RunFolder } from "../journal/state.ts";
import { inCommon } from "../journal/verify.ts";
import { dirname } from "node:path";
import type { RunError } from "../run-error.ts";
import { nothingMoreThere, otherRecord } from "./mirror-errors.ts";
import { operatorName } from "./session.ts";

/** The record of a run on this machine, and the copy of it on a host. */
export interface TwoRecords {
  readonly folder: RunFolder;
  readonly here: Journal;
  readonly there: Journal;
  readonly host: string;
  readonly mode: Back;
  /** The file that says where the host is. */
  readonly binding: string;
}

/** Why the copy cannot take the place of the record that is here; nothing where it is that record, or goes on from its end. */
export function notFollowing({ folder, here, there, host, mode, binding }: TwoRecords): RunError | undefined {
  const common = inCommon(here, there);
  if (common === here.records.length) return undefined;
  if (common === there.records.length) return nothingMoreThere(folder.run, host, mode);
  return otherRecord({
    run: folder.run,
    host,
    common,
    here: rest(here, common),
    there: rest(there, common),
    folder: folder.path,
    beside: `${dirname(folder.path)}-of-${host}`,
    mode,
    binding,
  });
}

function rest({ records }: Journal, common: number): string {
  const more = records.length - common;
  const by = operatorName(fold(records).operator);
  return `${more} more until ${records.at(-1)?.at ?? ""}, by ${by}`;
}
