import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { oneChange } from "./books.ts";
import { startUndoRig } from "./undo-rig.ts";

const { rig, script, programs, stopped, undo, resume, log, program, last, claimed, pasted } = await startUndoRig();

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
