import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Record } from "../../../runner/journal/record.ts";
import { eventually } from "../../support/eventually.ts";
import { oneChange } from "./books.ts";
import { reversible } from "./reversible.ts";
import { startRig, type Called } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(reversible);
const programs = { run: "exit 1", undo: "true", drop: "exit 1" };

/** Makes a folder of programs and runs the runbook in it, until it stops. */
async function stopped(own: Partial<typeof programs> = {}): Promise<{ readonly folder: string; readonly run: string }> {
  const folder = rig.programs({ ...programs, ...own });
  await rig.call(script, "--folder", folder, "--answer", "drop=db1 database");
  return { folder, run: rig.runs().at(-1) ?? "" };
}

const undo = (run: string, ...args: readonly string[]): Promise<Called> =>
  rig.call(script, "--undo", run, "--binding", rig.binding, ...args);
const resume = (run: string, ...args: readonly string[]): Promise<Called> => rig.call(script, "--resume", run, ...args);
const log = (folder: string): string => readFileSync(join(folder, "log"), "utf8");
const program = (folder: string, name: string, text: string): void =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
const last = (run: string): Record | undefined => rig.records(run).at(-1);
const claimed = (): boolean => readdirSync(rig.hostState).includes("claim");
/** A command that was offered, as its words: nothing in these tests needs quotes in it. */
const pasted = (text: string, pattern: RegExp): readonly string[] => {
  const [line = ""] = pattern.exec(text) ?? [];
  return line.replaceAll("'", "").split(" ").slice(2);
};

test("what was begun is taken back, the newest first, after somebody said yes; what has no undo is told, and stays", async () => {
  const { folder, run } = await stopped();
  const silent = await undo(run);
  expect(silent).toMatchObject({ code: 3, all: expect.stringContaining(`--undo ${run} --answer undo=yes\n`) });
  const wrong = await undo(run, "--answer", "undo=sure");
  expect(wrong).toMatchObject({ code: 3, all: expect.stringMatching(/DB3307 [^]*--undo .* --answer undo=yes\n/u) });
  expect(existsSync(join(folder, "log"))).toBe(false);

  const partly = await undo(run, "--answer", "undo=yes");
  expect(partly.code, partly.all).toBe(3);
  expect(partly.all).toMatch(
    /Partly undone: 3 changes were taken back, 1 have no undo[^]*No undo: +note\n[^]*Time: .* left of the objective of /u,
  );
  expect(log(folder)).toBe("undo act\nundo second\nundo first of root\n");
  for (const gone of ["first", "second"]) expect(existsSync(join(folder, gone))).toBe(false);
  expect(existsSync(join(folder, "note"))).toBe(true);
  expect(last(run)).toMatchObject({ type: "end", data: { verdict: "partly undone", why: "no undo: note" } });
  expect(claimed()).toBe(true);
  expect(await resume(run)).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3114 .*is being undone/u) });

  // The one without an undo is taken back by hand, and that is what was missing.
  const marked = await resume(run, "--mark", "note=not-done", "--why", "removed it");
  expect(marked).toMatchObject({ code: 0, stdout: expect.stringContaining("taken back by hand") });
  const whole = await undo(run);
  expect(whole, whole.all).toMatchObject({ code: 0, all: expect.stringContaining("Undone: ") });
  expect(last(run)).toMatchObject({ type: "end", data: { verdict: "undone" } });
  expect(claimed()).toBe(false);
  expect(await undo(run)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3313 .* is undone/u) });
}, 180_000);

test("an undo that fails stops there and says so; the next goes on with it, and takes nothing back twice", async () => {
  const { folder, run } = await stopped({ undo: "exit 7" });
  const failed = await undo(run, "--answer", "undo=yes");
  expect(failed, failed.all).toMatchObject({
    code: 1,
    all: expect.stringMatching(/DB3115 .*exit status 7[^]*In effect: first/u),
  });
  expect(last(run)).toMatchObject({ data: { verdict: "undo failed", why: expect.stringMatching(/^DB3115/u) } });

  program(folder, "undo", `touch "$(dirname "$0")/first"`);
  const still = await undo(run);
  expect(still, still.all).toMatchObject({ code: 1, all: expect.stringContaining("the change is still in effect") });

  program(folder, "undo", "true");
  expect(await undo(run)).toMatchObject({ code: 3 });
  expect(log(folder).split("\n").slice(0, 2)).toEqual(["undo act", "undo second"]);
  const tokens = rig
    .records(run)
    .flatMap((each) => (each.type === "intent" && each.data.undo ? [each.data.token] : []));
  expect(new Set(tokens).size).toBe(tokens.length);
}, 180_000);

test("a run whose destroying change was sent is past its point of no return, until a person has seen that it did nothing", async () => {
  const { folder, run } = await stopped({ run: "touch acted" });
  const before = rig.records(run).length;
  const refused = await undo(run, "--answer", "undo=yes");
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3112 .* drop was sent, which destroys db1 database/u),
  });
  expect(rig.records(run)).toHaveLength(before);
  expect(existsSync(join(folder, "log"))).toBe(false);
  expect(await resume(run, "--mark", "drop=not-done", "--why", "the database is there")).toMatchObject({ code: 0 });
  expect(await undo(run, "--answer", "undo=yes")).toMatchObject({ code: 3 });
  expect(log(folder)).toBe("undo act\nundo second\nundo first of root\n");
}, 180_000);

test("killed in the middle, of the change and of its undo, it goes on: nothing is started twice", async () => {
  const folder = rig.programs({
    ...programs,
    run: "touch began; while [ ! -e go ]; do sleep 0.05; done; touch acted",
    undo: `f=$(dirname "$0"); while [ ! -e "$f/back" ]; do sleep 0.05; done`,
  });
  const running = rig.start(script, "--folder", folder);
  await eventually(() => existsSync(join(folder, "began")));
  running.child.kill("SIGKILL");
  await running.ended;
  const run = rig.runs().at(-1) ?? "";
  const undoing = rig.start(script, "--undo", run, "--binding", rig.binding, "--answer", "undo=yes");
  await eventually(() => rig.records(run).some(({ type }) => type === "resolved"));
  // Its undo waits for the change that still runs.
  expect(existsSync(join(folder, "log"))).toBe(false);
  writeFileSync(join(folder, "go"), "");
  await eventually(() => existsSync(join(folder, "log")) && log(folder).includes("first"));
  undoing.child.kill("SIGKILL");
  await undoing.ended;
  writeFileSync(join(folder, "back"), "");
  const { code, all } = await undo(run);
  expect(code, all).toBe(3);
  expect(log(folder)).toBe("undo act\nundo second\nundo first of root\n");
}, 180_000);

test("after a failed undo, what was taken back by hand and marked completes it: the host is given back", async () => {
  const folder = rig.programs({ ...programs, undo: "exit 7" });
  await rig.call(script, "--folder", folder, "--until", "first");
  const run = rig.runs().at(-1) ?? "";
  expect(await undo(run, "--answer", "undo=yes")).toMatchObject({ code: 1, all: expect.stringContaining("DB3115") });
  const marked = await resume(run, "--mark", "first=not-done", "--why", "removed it");
  expect(marked).toMatchObject({ code: 0, stdout: expect.stringMatching(/taken back by hand\. Next:\n .* --undo /u) });
  expect(claimed()).toBe(true);
  const whole = await rig.call(script, ...pasted(marked.stdout, /node .* --undo .*$/mu));
  expect(whole, whole.all).toMatchObject({ code: 0, all: expect.stringMatching(/By hand: +first, /u) });
  expect(last(run)).toMatchObject({ type: "end", data: { verdict: "undone" } });
  expect(claimed()).toBe(false);
}, 180_000);

test("a run whose changes were all marked not done before any undo is ended by it, once somebody said yes", async () => {
  const one = rig.script(oneChange("idempotent"));
  const folder = rig.programs({ run: "exit 1", verify: "false" });
  await rig.call(one, "--folder", folder);
  const single = rig.runs().at(-1) ?? "";
  expect(claimed()).toBe(true);
  await rig.call(one, "--resume", single, "--mark", "act=not-done", "--why", "it did nothing");
  const asked = await rig.call(one, "--undo", single, "--binding", rig.binding);
  expect(asked, asked.all).toMatchObject({ code: 3, all: expect.stringContaining("DB3306") });
  const ended = await rig.call(one, "--undo", single, "--binding", rig.binding, "--answer", "undo=yes");
  expect(ended, ended.all).toMatchObject({ code: 0 });
  expect(last(single)).toMatchObject({ type: "end", data: { verdict: "undone" } });
  expect(claimed()).toBe(false);
}, 180_000);

test("a run that never began a change has nothing to undo", async () => {
  const folder = rig.programs(programs);
  await rig.call(script, "--folder", folder, "--until", "owner");
  expect(await undo(rig.runs().at(-1) ?? "")).toMatchObject({ code: 2, stderr: expect.stringMatching(/^DB3113 /u) });
}, 180_000);

test("what a person says to have done stays begun when its postcondition does not hold", async () => {
  const folder = rig.programs({ ...programs, run: "touch acted" });
  await rig.call(script, "--folder", folder, "--until", "act");
  const run = rig.runs().at(-1) ?? "";
  await resume(run, "--mark", "drop=done", "--why", "I dropped the database by hand");
  expect(await resume(run)).toMatchObject({
    code: 1,
    all: expect.stringMatching(/Drop failed on db1: its postcondition[^]*Destroyed: +db1 database/u),
  });
  const count = rig.records(run).length;
  const refused = await undo(run, "--answer", "undo=yes");
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3112 .* drop was marked as done by hand/u),
  });
  expect(rig.records(run)).toHaveLength(count);
  expect(existsSync(join(folder, "log"))).toBe(false);
}, 180_000);

test("an ordinary change that a person says to have done, and whose postcondition fails, is taken back", async () => {
  const folder = rig.programs(programs);
  await rig.call(script, "--folder", folder, "--until", "first");
  const run = rig.runs().at(-1) ?? "";
  await resume(run, "--mark", "note=done", "--why", "noted it");
  expect(await resume(run)).toMatchObject({
    code: 1,
    all: expect.stringContaining("Note failed on db1: its postcondition"),
  });
  const partly = await undo(run, "--answer", "undo=yes");
  expect(partly, partly.all).toMatchObject({ code: 3, all: expect.stringMatching(/No undo: +note/u) });
  expect(log(folder)).toBe("undo first of root\n");

  const other = rig.programs(programs);
  rig.freshHost();
  await rig.call(script, "--folder", other, "--until", "note");
  const second = rig.runs().at(-1) ?? "";
  await resume(second, "--mark", "second=done", "--why", "made it");
  expect(await resume(second)).toMatchObject({ code: 1 });
  const back = await undo(second, "--answer", "undo=yes");
  expect(back, back.all).toMatchObject({ code: 3, all: expect.stringMatching(/Undone: +first, second/u) });
  expect(log(other)).toBe("undo second\nundo first of root\n");
}, 180_000);

test("a step that was marked done by mistake is marked back with the command that the refusal names", async () => {
  const folder = rig.programs({ ...programs, run: "touch acted" });
  await rig.call(script, "--folder", folder, "--until", "act");
  const run = rig.runs().at(-1) ?? "";
  await resume(run, "--mark", "drop=done", "--why", "the wrong window");
  const refused = await undo(run, "--answer", "undo=yes");
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3112 .* drop is marked as done by hand/u),
  });
  const marked = await rig.call(script, ...pasted(refused.stderr, /node .* --mark .*$/mu));
  expect(marked, marked.all).toMatchObject({ code: 0, stdout: expect.stringContaining("not done after all") });
  expect(rig.records(run).at(-1)).toMatchObject({ type: "resolved", step: "drop", data: { mark: "not done" } });
  const back = await rig.call(script, ...pasted(refused.stderr, /node .* --undo .*$/mu), "--answer", "undo=yes");
  expect(back, back.all).toMatchObject({ code: 3, all: expect.stringMatching(/Undone: +first, second, act/u) });
}, 180_000);

test("a change that was marked done by mistake is marked back, and the run does it", async () => {
  const folder = rig.programs({ ...programs, run: "touch acted" });
  await rig.call(script, "--folder", folder, "--until", "first");
  const run = rig.runs().at(-1) ?? "";
  for (const step of ["note", "second"])
    expect(await resume(run, "--mark", `${step}=done`, "--why", "did it")).toMatchObject({ code: 0 });
  // The newest first, as with all that is marked not done.
  expect(await resume(run, "--mark", "note=not-done", "--why", "I did not")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^DB3118 .*That is second\./u),
  });
  for (const step of ["second", "note"])
    expect(await resume(run, "--mark", `${step}=not-done`, "--why", "I did not")).toMatchObject({ code: 0 });
  expect(await resume(run, "--until", "act")).toMatchObject({ code: 130 });
  for (const made of ["note", "second", "acted"]) expect(existsSync(join(folder, made))).toBe(true);
}, 180_000);

test("a destruction that is complete cannot be marked away, and the refusal offers nothing of the kind", async () => {
  const folder = rig.programs({ ...programs, run: "touch acted", drop: `touch "$(dirname "$0")/dropped"` });
  await rig.call(script, "--folder", folder, "--answer", "drop=db1 database", "--until", "drop");
  const run = rig.runs().at(-1) ?? "";
  const { code, stderr } = await undo(run);
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DB3112 .* drop is complete/u) });
  expect(stderr).not.toContain("--mark");
  expect(await rig.call(script, ...pasted(stderr, /node .* --resume .*$/mu))).toMatchObject({ code: 0 });
}, 180_000);

test("where nothing can be taken back, that is said, and that the run cannot be resumed, before anything is decided", async () => {
  const one = rig.script(oneChange("idempotent"));
  await rig.call(one, "--folder", rig.programs({ run: "exit 1", verify: "false" }));
  const run = rig.runs().at(-1) ?? "";
  const silent = await rig.call(one, "--undo", run);
  expect(silent, silent.all).toMatchObject({
    code: 3,
    all: expect.stringMatching(/DB3306 [^]*takes back nothing; stays in effect: act\. The run cannot be resumed/u),
  });
  expect(await rig.call(one, "--resume", run)).toMatchObject({ code: 1 });

  const terminal = await rig.onTerminal({ columns: 80 }, one, "--undo", run);
  await terminal.shows(
    /Nothing can be taken back by this: [^]*\n {2}act on db1: Act\n[^]*cannot be resumed [^]*--resume [^]*\n>$/u,
  );
  terminal.type("\n");
  expect((await terminal.ended).code).toBe(3);
  expect(terminal.screen().text).toMatch(/DB3305 The undo was not confirmed\.[^]*--undo /u);
  expect(await rig.call(one, "--resume", run)).toMatchObject({ code: 1 });

  const given = await rig.call(one, "--undo", run, "--answer", "undo=yes");
  expect(given, given.all).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("Nothing can be taken back by this"),
    stdout: expect.stringContaining("Nothing was taken back"),
  });
  const marked = await rig.call(one, ...pasted(given.stdout, /node .* --mark .*$/mu));
  expect(marked, marked.all).toMatchObject({ code: 0 });
  expect(await rig.call(one, "--undo", run)).toMatchObject({ code: 0 });
  expect(last(run)).toMatchObject({ type: "end", data: { verdict: "undone" } });
}, 180_000);

test("where nothing was decided, the run can go on: that is offered, and no mark that would be refused", async () => {
  const { folder, run } = await stopped();
  const offers = (text: string): void => {
    expect(text).toMatch(/Held: +db1, until the run is complete, or all of it is undone/u);
    expect(text).toMatch(
      /node .* --undo [^]*asks, and takes it back[^]*node .* --resume .*\n +goes on with the run instead/u,
    );
    expect(text).not.toMatch(/--mark|goes on taking back/u);
  };
  const silent = await undo(run);
  expect(silent).toMatchObject({ code: 3, all: expect.stringContaining("DB3306") });
  offers(silent.all);
  const wrong = await undo(run, "--answer", "undo=maybe");
  expect(wrong).toMatchObject({ code: 3, all: expect.stringContaining("DB3307") });
  offers(wrong.all);
  for (const [keys, error, exitCode] of [
    ["no\n", "DB3305", 3],
    ["\u0003", "DB3310", 130],
  ] as const) {
    const terminal = await rig.onTerminal({ columns: 400 }, script, "--undo", run, "--binding", rig.binding);
    await terminal.shows(/Type yes to go on\.[^]*>$/u);
    terminal.type(keys);
    await terminal.ended;
    const { text } = terminal.screen();
    expect(text).toContain(error);
    // The shell around it is interrupted too, and knows of no exit code then.
    expect(last(run)).toMatchObject({ type: "end", data: { exitCode } });
    offers(text);
  }

  program(folder, "run", "touch acted");
  const resumed = await rig.call(
    script,
    ...pasted(silent.stdout, /node .* --resume .*$/mu),
    "--answer",
    "act=run",
    "--until",
    "act",
  );
  expect(resumed, resumed.all).toMatchObject({ code: 130 });
  expect(existsSync(join(folder, "acted"))).toBe(true);
  expect(existsSync(join(folder, "log"))).toBe(false);
}, 180_000);

test("before anything is decided, a change without an undo is offered to be marked only where it is the newest, and not complete", async () => {
  await rig.call(script, "--folder", rig.programs(programs), "--until", "note");
  const complete = await undo(rig.runs().at(-1) ?? "");
  expect(complete, complete.all).toMatchObject({ code: 3, stdout: expect.stringMatching(/No undo: +note/u) });
  expect(complete.stdout).not.toContain("--mark");

  rig.freshHost();
  const one = rig.script(oneChange("idempotent"));
  await rig.call(one, "--folder", rig.programs({ run: "exit 1", verify: "false" }));
  const run = rig.runs().at(-1) ?? "";
  const silent = await rig.call(one, "--undo", run);
  const marked = await rig.call(one, ...pasted(silent.stdout, /node .* --mark .*$/mu));
  expect(marked, marked.all).toMatchObject({ code: 0 });
  const ended = await rig.call(one, ...pasted(silent.stdout, /node .* --undo .*$/mu), "--answer", "undo=yes");
  expect(ended, ended.all).toMatchObject({ code: 0 });
}, 180_000);

test("once undoing has begun, a change without an undo is offered to be marked only when nothing newer is in effect", async () => {
  const { folder, run } = await stopped();
  const second = join(folder, "second");
  rmSync(second);
  // Its undo removes a file.
  mkdirSync(second);
  const failed = await undo(run, "--answer", "undo=yes");
  expect(failed, failed.all).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/DB3115 [^]*Held: +db1, until all of it is undone\n/u),
  });
  expect(failed.stdout).not.toMatch(/node .* --(mark|resume)/u);

  rmdirSync(second);
  const partly = await rig.call(script, ...pasted(failed.stdout, /node .* --undo .*$/mu));
  expect(partly, partly.all).toMatchObject({ code: 3, stdout: expect.stringContaining("Partly undone") });
  const marked = await rig.call(script, ...pasted(partly.stdout, /node .* --mark .*$/mu));
  expect(marked, marked.all).toMatchObject({ code: 0 });
  expect(await undo(run)).toMatchObject({ code: 0 });
}, 180_000);

test("an undo that meets the lock of a run that is gone offers to set that aside", async () => {
  const { run } = await stopped();
  const other = rig.script(oneChange("idempotent"));
  await rig.call(other, "--folder", rig.programs({ run: "exit 1", verify: "false" }), "--break-lock", run);
  const holder = rig.runs().at(-1) ?? "";
  const locked = await undo(run, "--answer", "undo=yes");
  expect(locked, locked.all).toMatchObject({
    code: 5,
    stdout: expect.stringMatching(/DB3309 [^]*node .* --resume .*\n +once the host is free: goes on/u),
  });
  const offered = pasted(locked.stdout, /node .* --break-lock .*$/mu);
  expect(offered).toEqual(expect.arrayContaining(["--undo", run, "--break-lock", holder]));
  const partly = await rig.call(script, ...offered, "--answer", "undo=yes");
  expect(partly, partly.all).toMatchObject({ code: 3, stdout: expect.stringContaining("Partly undone") });
}, 180_000);
