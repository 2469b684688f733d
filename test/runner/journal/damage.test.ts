import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { parseJournal, type Journal } from "../../../runner/journal/reader.ts";
import { runFolder } from "../../../runner/journal/state.ts";
import { holdOutputs, since } from "../../../runner/journal/verify.ts";

/** A journal of a real run, with a failure, outputs and a resume in it. */
const sample = join(import.meta.dirname, "stored", "failed-then-mended");
const bytes = readFileSync(join(sample, "journal.jsonl"));
const whole = parseJournal(bytes, "journal.jsonl");

/** What comes of reading damaged bytes: what is left of the journal, or the line that the refusal names. */
function read(damaged: Uint8Array): Journal | number {
  try {
    return parseJournal(damaged, "journal.jsonl");
  } catch (error) {
    const named = /^DB3101 The journal is damaged at line (\d+): \w+/u.exec((error as Error).message)?.[1];
    if (named === undefined) throw error;
    return Number(named);
  }
}

/** By byte: how many lines end before it. */
const ends = [0];
for (const byte of bytes) ends.push((ends.at(-1) ?? 0) + (byte === 0x0a ? 1 : 0));
const lineAt = (at: number): number => ends[at] ?? 0;

test("cut at any byte, a journal is that of a run that stopped there: a torn line is told, and a head shows what is missing", () => {
  for (let length = 0; length < bytes.length; length += 1) {
    const left = read(bytes.subarray(0, length));
    const lines = lineAt(length);
    if (lines === 0) {
      expect(left).toBe(1);
      continue;
    }
    if (typeof left === "number") throw new Error(`refused when cut to ${length} bytes`);
    expect(left.records).toEqual(whole.records.slice(0, lines));
    expect(left.torn !== undefined, `torn at ${length}`).toBe(bytes[length - 1] !== 0x0a);
    expect(() => since(left, whole.last, "journal.jsonl")).toThrow(/^DB3111 /u);
    expect(since(whole, left.last, "journal.jsonl")).toBe(whole.records.length - lines);
  }
});

test("any bit flipped is refused at its line, but for the last line's end, which tears that line", () => {
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const left = read(damaged);
      if (typeof left === "number") {
        if (left !== lineAt(at) + 1) throw new Error(`bit ${bit} of byte ${at}: line ${left} is named`);
      } else {
        expect(at).toBe(bytes.length - 1);
        expect(left.torn).toBeDefined();
        expect(left.records).toEqual(whole.records.slice(0, -1));
      }
    }
  }
});

const state = mkdtempSync(join(tmpdir(), "damage-"));
afterAll(() => rmSync(state, { recursive: true }));
const main = fileURLToPath(new URL("../../../runner/cli/main.ts", import.meta.url));

/** Puts the sample into a state folder, with another journal if one is given. */
function placed(journal: Uint8Array = bytes): string {
  rmSync(join(state, whole.run), { recursive: true, force: true });
  mkdirSync(join(state, whole.run));
  cpSync(sample, join(state, whole.run), { recursive: true });
  writeFileSync(join(state, whole.run, "journal.jsonl"), journal);
  return join(state, whole.run);
}

function verify(...args: readonly string[]): { readonly code: number | null; readonly all: string } {
  const env = { ...process.env, DRILLBOOK_STATE: state };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "journal", "verify", ...args], {
    env,
    encoding: "utf8",
  });
  return { code: status, all: stdout + stderr };
}

test("the command line says so too", () => {
  placed();
  const good = verify("--head", whole.last);
  expect(good).toMatchObject({ code: 0, all: expect.stringContaining("nothing was cut off, nothing was added") });
  const env = { ...process.env, DRILLBOOK_STATE: state };
  expect(execFileSync(process.execPath, [main, "journal", "head"], { env, encoding: "utf8" })).toBe(`${whole.last}\n`);
  const earlier = whole.records[5]?.prev ?? "";
  expect(verify(whole.run, "--head", earlier).all).toContain(`${whole.records.length - 5} records were added since`);
  expect(verify("--head", "0".repeat(63))).toMatchObject({ code: 2, all: expect.stringMatching(/^DB3110 /u) });

  placed(bytes.subarray(0, bytes.length - 9));
  expect(verify()).toMatchObject({ code: 0, all: expect.stringMatching(/The last line \(\d+\) is torn/u) });
  expect(verify("--head", whole.last)).toMatchObject({ code: 3, all: expect.stringMatching(/^DB3111 /u) });

  const flipped = Buffer.from(bytes);
  flipped[400] = (flipped[400] ?? 0) ^ 4;
  placed(flipped);
  expect(verify()).toMatchObject({ code: 3, all: expect.stringMatching(/^DB3101 .* at line 1: /u) });
});

test("a kept output that was cut, altered or lost is refused by its path", () => {
  const damages = [
    (file: string) => writeFileSync(file, readFileSync(file).subarray(1)),
    (file: string) => writeFileSync(file, readFileSync(file, "utf8").replace("room", "loom")),
    (file: string) => rmSync(file),
  ];
  for (const damage of damages) {
    const path = placed();
    damage(join(path, "output", "000003-act.run.stdout"));
    expect(() => holdOutputs(runFolder(state, whole.run), whole.records)).toThrow(/^DB3105 .*000003-act\.run\.stdout/u);
  }
  expect(verify()).toMatchObject({ code: 3, all: expect.stringMatching(/^DB3105 .*000003-act\.run\.stdout/u) });
});
