import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { fold } from "../../../runner/journal/fold.ts";
import { parseJournal, readJournal, type Journal } from "../../../runner/journal/reader.ts";
import type { Event, Record } from "../../../runner/journal/record.ts";
import { JournalWriter } from "../../../runner/journal/writer.ts";
import { begin, events } from "./events.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** Writes a run's journal and gives the path of its file. */
function written(some: readonly Event[]): string {
  files += 1;
  const path = join(folder, `${files}.jsonl`);
  const journal = JournalWriter.create(path, "a-run");
  for (const event of [begin, ...some]) journal.append(event);
  journal.close();
  return path;
}

/** The same as a journal's file, and where it was damaged. */
const lines = events.map((some) => readFileSync(written(some), "utf8").split("\n").slice(0, -1));

function eventsOf(records: readonly Record[]): unknown {
  return records.map(({ type, data, ...record }) => ({ type, ...("step" in record && { step: record.step }), data }));
}

/** What comes of reading damaged bytes: a refusal that names a line, or what is left of the journal. */
function read(bytes: Uint8Array): Journal | { readonly refused: number } {
  try {
    return parseJournal(bytes, "journal.jsonl");
  } catch (error) {
    const line = /^DB3101 The journal is damaged at line (\d+): \w+/u.exec((error as Error).message)?.[1];
    if (line === undefined) throw error;
    return { refused: Number(line) };
  }
}

const joined = (some: readonly string[]): Buffer => Buffer.from(some.map((line) => `${line}\n`).join(""));

test("what was written is read back, in order", () => {
  fc.assert(
    fc.property(events, (some) => {
      const { records, torn } = readJournal(written(some));
      expect(eventsOf(records)).toEqual(JSON.parse(JSON.stringify([begin, ...some])));
      expect(torn).toBeUndefined();
    }),
  );
});

test("a journal goes on where it stopped, behind half a line that is left out with a notice", () => {
  fc.assert(
    fc.property(events, events, fc.nat(), (first, then, cut) => {
      const path = written(first);
      const whole = readFileSync(path);
      const line = Buffer.from('{"v":1,"seq":99,"prev":"0","at":"2026-11-22T23:32:00.000Z"');
      appendFileSync(path, line.subarray(0, 1 + (cut % line.length)));
      const journal = readJournal(path);
      expect(journal.torn).toMatch(/^The last line \(\d+\) is torn/u);
      expect(journal.bytes).toBe(whole.length);
      const writer = JournalWriter.open(path, journal);
      for (const event of then) writer.append(event);
      writer.close();
      expect(eventsOf(readJournal(path).records)).toEqual(JSON.parse(JSON.stringify([begin, ...first, ...then])));
    }),
  );
});

test("a flipped bit is refused at its line; one that tears the last line leaves that out with a notice", () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(7), (some, position, bit) => {
      const bytes = joined(some);
      const at = position % bytes.length;
      const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      const found = read(bytes);
      if ("refused" in found) expect(found.refused).toBe(line);
      else {
        expect(at).toBe(bytes.length - 1);
        expect(found.torn).toBeDefined();
        expect(found.records).toHaveLength(some.length - 1);
      }
    }),
    { numRuns: 400 },
  );
});

test("every byte of a line can be flipped, and each is seen", () => {
  const bytes = joined(
    readFileSync(written([{ type: "end", data: { verdict: "failed", exitCode: 1 } }]), "utf8")
      .trim()
      .split("\n"),
  );
  for (let at = 0; at < bytes.length - 1; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      expect(read(flipped)).toHaveProperty("refused");
    }
  }
});

test("a line taken out, put in twice, or put in another place is refused", () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(), (some, one, other) => {
      fc.pre(some.length > 1);
      const [from, to] = [one % some.length, other % some.length];
      const without = some.filter((_, index) => index !== from);
      // Without its last line a journal is that of a run that stopped one record earlier.
      if (from < some.length - 1) expect(read(joined(without))).toEqual({ refused: from + 1 });
      const twice = some.toSpliced(to, 0, some[from] ?? "");
      expect(read(joined(twice))).toHaveProperty("refused");
      if (from !== to) expect(read(joined(without.toSpliced(to, 0, some[from] ?? "")))).toHaveProperty("refused");
    }),
  );
});

test("a line of another run is refused", () => {
  const [first = "", second = ""] = readFileSync(written([begin]), "utf8").split("\n");
  expect(read(joined([first, second]))).toEqual({ refused: 2 });
});

test("the same records give the same state, however often and in how many parts they are folded", () => {
  fc.assert(
    fc.property(events, (some) => {
      const { records } = readJournal(written(some));
      expect(fold(records)).toEqual(fold(structuredClone(records)));
      expect(fold(new Set(records))).toEqual(fold(records));
    }),
  );
});

test("a disk that is full stops the run by name", () => {
  const full = join(folder, "full.jsonl");
  symlinkSync("/dev/full", full);
  const journal: Journal = { run: "a-run", records: [], last: "0".repeat(64), bytes: 0 };
  const writer = JournalWriter.open(full, journal);
  expect(() => writer.append(begin)).toThrow(/^DB3102 The journal cannot be written: ENOSPC/u);
});

test("a line that got only half onto the disk is taken off again", () => {
  const path = join(folder, "half.jsonl");
  const writer = new URL("../../../runner/journal/writer.ts", import.meta.url);
  const program = `
    import { JournalWriter } from ${JSON.stringify(writer.href)};
    const journal = JournalWriter.create(process.argv[1], "a-run");
    try {
      for (;;) journal.append(${JSON.stringify(begin)});
    } catch (error) {
      console.log(error.message);
    }`;
  const limited = [
    "-c",
    'ulimit -f 2; exec "$@"',
    "bash",
    process.execPath,
    "--input-type=module",
    "-e",
    program,
    path,
  ];
  expect(execFileSync("bash", limited, { encoding: "utf8" })).toMatch(/^DB3102 The journal cannot be written: EFBIG/u);
  const text = readFileSync(path, "utf8");
  expect(text.length).toBeGreaterThan(1024);
  expect(text.endsWith('"}\n')).toBe(true);
});

test("an empty file is refused by name", () => {
  const path = join(folder, "empty.jsonl");
  writeFileSync(path, "");
  expect(() => readJournal(path)).toThrow(/^DB3101 The journal is damaged at line 1: there is no whole line in it/u);
});
