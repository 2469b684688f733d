import { readFileSync } from "node:fs";
import { journalDamaged } from "./errors.ts";
import { decode, noLine, sha256 } from "./line.ts";
import type { Record } from "./record.ts";

/** A journal as it was read: every line whole and in its place. */
export interface Journal {
  readonly run: string;
  readonly records: readonly Record[];
  /** SHA-256, hex, of the last line. */
  readonly last: string;
  /** Length of the whole lines; what may follow is half a line. */
  readonly bytes: number;
  /** Present where half a last line was left out: its record was never acted on, for it never got to disk whole. */
  readonly torn?: string;
}

/**
 * Reads a journal and checks it: checksums, the chain of hashes, the numbering. (Lines missing from the very end cannot
 * be told from a run that stopped earlier; the target's own record of each token covers that.)
 * @throws RunError DB3101 naming the line and what is wrong with it
 */
export function readJournal(path: string): Journal {
  return parseJournal(readFileSync(path), path);
}

/** {@link readJournal} of bytes. `path` is for the message. */
export function parseJournal(bytes: Uint8Array, path: string): Journal {
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const records: Record[] = [];
  let last = noLine;
  for (const line of lines(bytes.subarray(0, whole), path)) {
    const record = decode(line);
    const wrong = typeof record === "string" ? record : misplaced(record, records, last);
    if (typeof record === "string" || wrong) throw journalDamaged(path, records.length + 1, wrong ?? "");
    records.push(record);
    last = sha256(line);
  }
  const run = records[0]?.run;
  if (run === undefined) throw journalDamaged(path, 1, "there is no whole line in it");
  const torn = bytes.length - whole;
  return {
    run,
    records,
    last,
    bytes: whole,
    ...(torn > 0 && { torn: `The last line (${records.length + 1}) is torn: ${torn} bytes are left out. (${path})` }),
  };
}

function* lines(bytes: Uint8Array, path: string): Generator<string> {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 1;
  for (let from = 0; from < bytes.length; number += 1) {
    const to = bytes.indexOf(0x0a, from);
    try {
      yield utf8.decode(bytes.subarray(from, to));
    } catch (error) {
      if (error instanceof TypeError) throw journalDamaged(path, number, "it is not UTF-8");
      throw error;
    }
    from = to + 1;
  }
}

function misplaced(record: Record, before: readonly Record[], last: string): string | undefined {
  if (record.v !== 1) return `it is of version ${String(record.v)}, and this program knows version 1`;
  if (record.seq !== before.length) return `it is record ${record.seq} where ${before.length} belongs`;
  if (record.prev !== last) return "it does not follow from the line before";
  if (before[0] && record.run !== before[0].run) return `it belongs to another run, ${record.run}`;
  if ((record.type === "begin") !== (before.length === 0)) return "a journal begins once, with its first line";
  return undefined;
}
