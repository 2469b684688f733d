import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { parseJournal } from "../../../runner/journal/reader.ts";
import type { Record } from "../../../runner/journal/record.ts";
import { eventually } from "../../support/eventually.ts";
import { drillbook } from "../cli/drillbook.ts";
import { oneChange } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(oneChange("once"));
const keeper = { ...rig.bound, role: "backup-server" };
const binding = rig.bind({ db1: rig.bound, keep1: keeper });
/** Where another machine would have its runs. */
const elsewhere = join(rig.folder, "elsewhere");
mkdirSync(elsewhere);

const journal = (...path: readonly string[]): readonly Record[] =>
  parseJournal(readFileSync(join(...path, "journal.jsonl")), "journal.jsonl").records;
const from = (run: string, ...args: readonly string[]) =>
  rig.call(script, "--resume", run, "--from", "keep1", "--binding", binding, "--state", elsewhere, ...args);

test("a run is gone on with on another machine, by the record that a surviving host has of it; and not on the first one", async () => {
  const folder = rig.programs({
    run: "echo ran >> runs; [ -e mended ] && touch made",
    verify: "[ -e made ]",
    done: "[ -e made ]",
  });
  const failed = await rig.call(script, "--folder", folder, "--binding", binding, "--mirror", "keep1");
  expect(failed.code, failed.all).toBe(1);
  const run = rig.runs().at(-1) ?? "";
  const copy = join(rig.hostState, "mirrors", run);
  for (const file of ["journal.jsonl", "called.json", "kit/one-once.mjs"])
    expect(readFileSync(join(copy, file))).toEqual(readFileSync(join(rig.state, run, file)));
  expect(readdirSync(join(copy, "output"))).toEqual(readdirSync(join(rig.state, run, "output")));

  writeFileSync(join(folder, "mended"), "");
  const taken = await from(run);
  expect(taken.code, taken.all).toBe(0);
  expect(readFileSync(join(folder, "runs"), "utf8")).toBe("ran\nran\n");
  const records = journal(elsewhere, run);
  expect(records.find(({ type }) => type === "resolved")?.data).toMatchObject({ why: "--from keep1" });
  // It goes on being mirrored.
  expect(journal(copy)).toEqual(records);

  const first = await rig.call(script, "--resume", run);
  expect(first).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3119 .*gone on with elsewhere/u) });
  process.env["DRILLBOOK_STATE"] = rig.state;
  const command = await drillbook(rig.folder, "resume", run, "--from", "keep1", "--binding", binding);
  expect(command).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3313 .* is completed/u) });
  expect(journal(rig.state, run)).toEqual(records);
}, 180_000);

test("a run that lives is not taken over, and a damaged copy neither", async () => {
  const folder = rig.programs({
    run: "touch began; while [ ! -e go ]; do sleep 0.05; done",
    verify: "true",
    done: "false",
  });
  const running = rig.start(script, "--folder", folder, "--binding", binding, "--mirror", "keep1");
  await eventually(() => existsSync(join(folder, "began")));
  const run = rig.runs().at(-1) ?? "";
  // What was sent is on the mirror before it is sent.
  expect(journal(rig.hostState, "mirrors", run).map(({ type }) => type)).toContain("intent");
  expect(await from(run)).toMatchObject({ code: 5, stderr: expect.stringMatching(/^DB3315/u) });
  running.child.kill("SIGKILL");
  await running.ended;
  writeFileSync(join(folder, "go"), "");
  const copy = join(rig.hostState, "mirrors", run, "journal.jsonl");
  const whole = readFileSync(copy);
  writeFileSync(copy, whole.toString().replace("root", "toor"));
  expect(await from(run)).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3101 .* line 1: its checksum/u) });
  writeFileSync(copy, whole);
  const taken = await from(run);
  expect(taken.code, taken.all).toBe(0);
}, 180_000);

test("a mirror that cannot be reached does not stop a run, which says that it is lost", async () => {
  const folder = rig.programs({ run: "true", verify: "true", done: "false" });
  const gone = rig.bind({ db1: rig.bound, keep1: { ...keeper, port: 1 } });
  const { code, all } = await rig.call(script, "--folder", folder, "--binding", gone, "--mirror", "keep1");
  expect(code, all).toBe(0);
  expect(all).toMatch(/^Mirror: +lost, /mu);
  expect(
    rig
      .records()
      .filter(({ type }) => type === "mirror")
      .at(-1)?.data,
  ).toMatchObject({ host: "keep1", state: "lost" });
  const unbound = await rig.call(script, "--folder", folder, "--mirror", "keep2");
  expect(unbound).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3122 /u) });
}, 180_000);
