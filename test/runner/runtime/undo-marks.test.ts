import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oneChange } from "./books.ts";
import { startUndoRig } from "./undo-rig.ts";

const { rig, script, programs, undo, resume, log, last, claimed, pasted } = await startUndoRig();

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
