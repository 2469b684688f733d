import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { parseJournal } from "../../../runner/journal/reader.ts";
import type { Record } from "../../../runner/journal/record.ts";
import { eventually } from "../../support/eventually.ts";
import { drillbook } from "../cli/drillbook.ts";
import { oneChange } from "./books.ts";
import { reversible } from "./reversible.ts";
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

test("without a name, the only run that is not over is taken from the mirror; where there is none, or another, that is said", async () => {
  const folder = rig.programs({ run: "[ -e mended ] && touch made", verify: "[ -e made ]", done: "[ -e made ]" });
  const begin = () => rig.call(script, "--folder", folder, "--binding", binding, "--mirror", "keep1");
  const next = (...args: readonly string[]) =>
    rig.call(script, "--resume", "--from", "keep1", "--binding", binding, "--state", elsewhere, ...args);
  writeFileSync(join(folder, "mended"), "");
  expect(await begin()).toMatchObject({ code: 0 });
  const none = await next();
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB3314 No run of one-once in the mirror on keep1 /u),
  });
  for (const made of ["mended", "made"]) rmSync(join(folder, made));
  expect(await begin()).toMatchObject({ code: 1 });
  const run = rig.runs().at(-1) ?? "";
  // A run of another runbook, whose name begins with that of this one.
  const other = join(rig.hostState, "mirrors", run.replace("one-once", "one-once-more"));
  mkdirSync(other);
  writeFileSync(join(other, "journal.jsonl"), "{}\n");
  writeFileSync(join(folder, "mended"), "");
  const taken = await next();
  expect(taken.code, taken.all).toBe(0);
  expect(existsSync(join(elsewhere, run))).toBe(true);
}, 180_000);

test("a run is taken back from another machine by the copy of its record, and that is on record", async () => {
  const book = rig.script(reversible);
  const folder = rig.programs({ run: "exit 1", undo: "true", drop: "true" });
  await rig.call(book, "--folder", folder, "--binding", binding, "--mirror", "keep1");
  const run = rig.runs().at(-1) ?? "";
  const fresh = join(rig.folder, "undone-elsewhere");
  const undo = (...args: readonly string[]) =>
    rig.call(book, "--undo", run, "--from", "keep1", "--answer", "undo=yes", "--state", fresh, ...args);
  const undone = await undo("--binding", binding);
  expect(undone, undone.all).toMatchObject({ code: 3, all: expect.stringContaining("Partly undone: 3 changes") });
  const records = journal(fresh, run);
  expect(records.find(({ type }) => type === "resolved")?.data).toMatchObject({ why: "--from keep1" });
  expect(journal(rig.hostState, "mirrors", run)).toEqual(records);
  // The first machine is told, with what it was called for; and by the binding that the run began with, it goes on.
  const first = await rig.call(book, "--undo", run, "--binding", binding);
  expect(first).toMatchObject({ code: 3, stderr: expect.stringContaining(`--undo ${run} --from keep1`) });
  process.env["DRILLBOOK_STATE"] = rig.state;
  const next = await drillbook(rig.folder, "undo", run, "--from", "keep1");
  expect(next, next.stderr).toMatchObject({ code: 3, stdout: expect.stringContaining("1 have no undo") });
  const over = journal(rig.state, run).filter(({ data }) => "why" in data && data.why === "--from keep1");
  expect(over).toHaveLength(2);
}, 180_000);

/** A run that failed here and was gone on with elsewhere, where it failed again. */
async function goneOn(own = binding): Promise<string> {
  const folder = rig.programs({ run: "exit 1", verify: "[ -e made ]", done: "[ -e made ]" });
  expect(await rig.call(script, "--folder", folder, "--binding", own, "--mirror", "keep1")).toMatchObject({ code: 1 });
  const run = rig.runs().at(-1) ?? "";
  expect(await from(run)).toMatchObject({ code: 1 });
  return run;
}

test("a mark on a machine that another one has left behind is refused; what it is told to do goes on with the copy", async () => {
  const run = await goneOn();
  process.env["DRILLBOOK_STATE"] = rig.state;
  const before = journal(rig.state, run);
  const marked = await drillbook(rig.folder, "mark", run, "act", "--done", "--why", "made it");
  expect(marked).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3119 .*gone on with elsewhere/u) });
  expect(journal(rig.state, run)).toEqual(before);
  // As it is told, and without the binding that this machine knows.
  const said = /(--resume \S+ --from keep1)\. /u.exec(marked.stderr)?.[1]?.split(" ") ?? [];
  const taken = await rig.call(script, ...said, "--mark", "act=not-done", "--why", "looked");
  expect(taken, taken.all).toMatchObject({ code: 0 });
  const [over, mark] = journal(rig.state, run).slice(-2);
  expect(over).toMatchObject({ type: "resolved", data: { why: "--from keep1" } });
  expect(mark).toMatchObject({ type: "resolved", step: "act", data: { why: "looked" } });
  // The copy lacks the mark as yet: taking it over would lose that.
  const back = await rig.call(script, "--resume", run, "--from", "keep1");
  expect(back).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3126 [^]*--resume \S+, without --from/u) });
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 1 });
  expect(journal(rig.hostState, "mirrors", run)).toEqual(journal(rig.state, run));
}, 180_000);

test("a step is marked on a machine that has no record of the run yet", async () => {
  const run = await goneOn();
  const third = join(rig.folder, "third");
  const mark = ["mark", run, "act", "--not-done", "--why", "looked", "--from", "keep1", "--state", third] as const;
  const missing = await drillbook(rig.folder, ...mark);
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3005 --binding is missing/u) });
  const marked = await drillbook(rig.folder, ...mark, "--binding", binding);
  expect(marked, marked.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("act is marked: not in effect"),
  });
  expect(journal(third, run).at(-2)?.data).toMatchObject({ why: "--from keep1" });
}, 60_000);

test("two records of one run are told apart, and the copy is gone on with beside the other", async () => {
  const own = rig.bind({ db1: rig.bound, keep1: keeper });
  const run = await goneOn(own);
  writeFileSync(own, JSON.stringify({ v: 1, hosts: { db1: rig.bound, keep1: { ...keeper, port: 1 } } }));
  const parted = await rig.call(script, "--resume", run, "--mark", "act=not-done", "--why", "looked");
  expect(parted).toMatchObject({ code: 0, stderr: expect.stringContaining("The mirror on keep1 cannot be looked at") });
  writeFileSync(own, JSON.stringify({ v: 1, hosts: { db1: rig.bound, keep1: keeper } }));
  const resumed = await rig.call(script, "--resume", run);
  const told =
    /^DB3120 There are two records of \S+, alike up to record \d+: here it goes on with 1 more until [^]* on keep1 with \d+ more/u;
  for (const each of [resumed, await rig.call(script, "--resume", run, "--from", "keep1")])
    expect(each).toMatchObject({ code: 3, stderr: expect.stringMatching(told) });
  const said = /(--resume \S+ --from keep1 --binding \S+ --state \S+)\. /u.exec(resumed.stderr)?.[1]?.split(" ") ?? [];
  const there = journal(rig.hostState, "mirrors", run);
  const taken = await rig.call(script, ...said);
  expect(taken, taken.all).toMatchObject({ code: 1 });
  expect(journal(said.at(-1) ?? "", run).slice(0, there.length)).toEqual(there);
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

test("old copies of runs that are over are removed; the newest, and what is not over, stay", async () => {
  const folder = rig.programs({ run: "true", verify: "true", done: "false" });
  const mirrors = join(rig.hostState, "mirrors");
  const put = (name: string, verdict: string, daysAgo: number): void => {
    mkdirSync(join(mirrors, name), { recursive: true });
    const file = join(mirrors, name, "journal.jsonl");
    writeFileSync(file, `{"v":1,"type":"end","data":{"verdict":"${verdict}","exitCode":0},"sum":"0"}\n`);
    const at = Date.now() / 1000 - daysAgo * 86_400;
    utimesSync(file, at, at);
  };
  for (let each = 1; each <= 22; each += 1) put(`over-${each}`, "completed", each);
  put("long-over", "undone", 40);
  put("not-over", "failed", 400);
  expect(await rig.call(script, "--folder", folder, "--binding", binding, "--mirror", "keep1")).toMatchObject({
    code: 0,
  });
  const run = rig.runs().at(-1) ?? "";
  const left = readdirSync(mirrors).filter((name) => name !== run);
  expect(left).toHaveLength(20);
  expect(left).toContain("not-over");
  expect(left).toContain("over-19");
  expect(left).not.toContain("over-20");
  expect(left).not.toContain("long-over");
}, 60_000);

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
