import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { headNotFound, headUnreadable, outputDamaged } from "./errors.ts";
import { sha256 } from "./line.ts";
import { outputName } from "./output.ts";
import type { Journal } from "./reader.ts";
import type { Kept, Record, What } from "./record.ts";
import type { RunFolder } from "./state.ts";

/** The digest that stands for a journal as far as it goes: SHA-256, hex, of its last line. */
export function headOf({ last }: Journal): string {
  return last;
}

/**
 * How many records came after the one that a head is of: none where the head is still the journal's. What was cut off
 * behind a record, or written anew, shows in this: the chain of hashes then has no such record.
 * @param path for the message
 * @throws RunError DB3110 where it is no digest, DB3111 where no record has it
 */
export function since({ records, last }: Journal, head: string, path: string): number {
  const wanted = head.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/u.test(wanted)) throw headUnreadable(head);
  const at = digestsOf({ records, last }).lastIndexOf(wanted);
  if (at < 0) throw headNotFound(path, wanted, records.length);
  return records.length - 1 - at;
}

/** How many records two journals begin with in common. */
export function inCommon(one: Journal, other: Journal): number {
  const others = digestsOf(other);
  const parted = digestsOf(one).findIndex((digest, index) => digest !== others[index]);
  return parted < 0 ? one.records.length : parted;
}

/** Of each record: the next one holds the digest of the one before. */
function digestsOf({ records, last }: Pick<Journal, "records" | "last">): readonly string[] {
  return [...records.slice(1).map(({ prev }) => prev), last];
}

/** Holds every kept output to its record, and gives how many there are. @throws RunError DB3105 naming the first that differs */
export function holdOutputs(folder: RunFolder, records: readonly Record[]): number {
  const outputs = records.flatMap((record) => outputsOf(folder, record));
  for (const { path, kept } of outputs) {
    if (!existsSync(path) || sha256(readFileSync(path)) !== kept.sha256) throw outputDamaged(path);
  }
  return outputs.length;
}

function outputsOf(folder: RunFolder, record: Record): readonly { readonly path: string; readonly kept: Kept }[] {
  const what = partOf(record);
  if (what === undefined || !("step" in record) || record.step === undefined) return [];
  const name = join(folder.output, outputName(record.seq, record.step, what));
  const { stdout, stderr } = record.data as { readonly stdout?: Kept; readonly stderr?: Kept };
  const each = [
    { path: `${name}.stdout`, kept: stdout },
    { path: `${name}.stderr`, kept: stderr },
  ];
  return each.flatMap(({ path, kept }) => (kept && kept.bytes > 0 ? [{ path, kept }] : []));
}

/** The part of its step that a record keeps the output of. */
function partOf(record: Record): What | undefined {
  switch (record.type) {
    case "read":
      return "read";
    case "done":
      return "run";
    case "undo":
      return record.type;
    case "failed":
      return record.data.what;
    default:
      return undefined;
  }
}
