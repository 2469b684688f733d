import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fold, type RunState } from "../../../runner/journal/fold.ts";
import { readJournal } from "../../../runner/journal/reader.ts";
import { timelineOf } from "../../../runner/journal/timeline.ts";
import { headOf, holdOutputs } from "../../../runner/journal/verify.ts";
import { styleOf } from "../../../runner/report/style.ts";
import { timelineText } from "../../../runner/report/timeline/text.ts";

/** Runs that were recorded once, by the program of their day: whatever comes later reads them. */
const stored = join(import.meta.dirname, "stored");
const names = readdirSync(stored);

function plain({ hosts, met, steps, ...state }: RunState): unknown {
  return { ...state, hosts: Object.fromEntries(hosts), met: Object.fromEntries(met), steps: Object.fromEntries(steps) };
}

test("there are stored journals", () => expect(names.length).toBeGreaterThan(3));

describe.each(names)("%s", (name) => {
  const folder = join(stored, name);
  const journal = readJournal(join(folder, "journal.jsonl"));

  test("adds up to the same state as on its day", async () => {
    const state = JSON.stringify(plain(fold(journal.records)), undefined, 2);
    await expect(`${state}\n`).toMatchFileSnapshot(join(folder, "state.json"));
  });

  test("is told as a timeline", async () => {
    const lines = timelineText(timelineOf(journal.records), headOf(journal), {
      ...styleOf(process.stdout),
      columns: 100,
    });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(join(folder, "timeline.txt"));
  });

  test("its outputs are as they were written", () => {
    const output = join(folder, "output");
    expect(() =>
      holdOutputs({ path: folder, run: journal.run, journal: "", output, kit: "" }, journal.records),
    ).not.toThrow();
  });
});
