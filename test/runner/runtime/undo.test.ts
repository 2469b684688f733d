import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Record } from "../../../runner/journal/record.ts";
import { eventually } from "../../support/eventually.ts";
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

test("what was begun is taken back, the newest first, after somebody said yes; what has no undo is told, and stays", async () => {
  const { folder, run } = await stopped();
  const silent = await undo(run);
  expect(silent).toMatchObject({ code: 3, all: expect.stringContaining("--answer 'undo=yes'") });
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
