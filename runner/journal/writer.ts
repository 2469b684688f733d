import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { journalNotWritten } from "./errors.ts";
import { encode, noLine, sha256 } from "./line.ts";
import type { Journal } from "./reader.ts";
import type { Event, Record } from "./record.ts";
import { syncFolder } from "./sync.ts";

/** Appends to one journal. A record is on disk when {@link append} returns; nothing that follows from it comes earlier. */
export class JournalWriter {
  #path: string;
  readonly #run: string;
  readonly #file: number;
  readonly #now: () => Date;
  #seq: number;
  #prev: string;
  #bytes: number;

  private constructor(path: string, file: number, run: string, start: Start, now: () => Date) {
    this.#path = path;
    this.#file = file;
    this.#run = run;
    this.#seq = start.seq;
    this.#prev = start.prev;
    this.#bytes = start.bytes;
    this.#now = now;
  }

  /** Begins a journal where there is none. @throws RunError DB3102 */
  static create(path: string, run: string, now = (): Date => new Date()): JournalWriter {
    return attempt(path, () => {
      const file = openSync(path, "ax", 0o600);
      syncFolder(dirname(path));
      return new JournalWriter(path, file, run, { seq: 0, prev: noLine, bytes: 0 }, now);
    });
  }

  /** Goes on with a journal that was read, behind its last whole line. @throws RunError DB3102 */
  static open(path: string, journal: Journal, now = (): Date => new Date()): JournalWriter {
    return attempt(path, () => {
      const file = openSync(path, "a", 0o600);
      if (journal.torn) ftruncateSync(file, journal.bytes);
      const start = { seq: journal.records.length, prev: journal.last, bytes: journal.bytes };
      return new JournalWriter(path, file, journal.run, start, now);
    });
  }

  /** The number of the record that is appended next. */
  get next(): number {
    return this.#seq;
  }

  /** SHA-256, hex, of the last line. */
  get head(): string {
    return this.#prev;
  }

  /** @throws RunError DB3102 when it is not on disk: whatever was to follow must not happen */
  append(event: Event): Record {
    const at = this.#now().toISOString();
    const record: Record = { v: 1, seq: this.#seq, prev: this.#prev, at, run: this.#run, ...event };
    const line = encode(record);
    const bytes = Buffer.from(`${line}\n`);
    attempt(this.#path, () => {
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(this.#file, bytes, written);
        fdatasyncSync(this.#file);
      } catch (error) {
        // Half a line, or one that may not be on disk: the journal ends with what is.
        if (written > 0) ftruncateSync(this.#file, this.#bytes);
        throw error;
      }
    });
    this.#seq += 1;
    this.#prev = sha256(line);
    this.#bytes += bytes.length;
    return record;
  }

  /** Its file goes by this path now. */
  renamed(path: string): void {
    this.#path = path;
  }

  close(): void {
    closeSync(this.#file);
  }
}

interface Start {
  readonly seq: number;
  readonly prev: string;
  readonly bytes: number;
}

function attempt<R>(path: string, act: () => R): R {
  try {
    return act();
  } catch (error) {
    throw journalNotWritten(path, error instanceof Error ? error.message : String(error));
  }
}
