import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { drillbook } from "../cli/drillbook.ts";
import { everything, oneChange, oneRead } from "./books.ts";
import { reversible } from "./reversible.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());
process.env["DRILLBOOK_STATE"] = rig.state;

test("a change that was done by hand is held to its postcondition by the resume, and is not run", async () => {
  const folder = rig.programs({ run: "echo ran >> runs; exit 1", verify: "[ -e made ]", done: "false" });
  const script = rig.script(oneChange("once"));
  expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 1 });
  const run = rig.runs().at(-1) ?? "";
  process.env["DRILLBOOK_STATE"] = rig.folder;
  const mark = ["mark", run, "act", "--done", "--why", "made it by hand"] as const;
  expect(await drillbook(rig.folder, ...mark)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB310[34] /u),
  });
  const marked = await drillbook(rig.folder, ...mark, "--state", rig.state);
  process.env["DRILLBOOK_STATE"] = rig.state;
  expect(marked, marked.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("--resume") });
  expect(rig.records(run).at(-1)).toMatchObject({
    type: "resolved",
    step: "act",
    data: { what: "done by hand", mark: "done", why: "made it by hand", by: expect.stringContaining("@") },
  });
  // It was not, yet.
  expect(await rig.call(script, "--resume", run)).toMatchObject({
    code: 1,
    all: expect.stringContaining("postcondition"),
  });
  expect(await rig.call(script, "--resume", run, "--mark", "act=done", "--why", "now")).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "made"), "");
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "runs"), "utf8")).toBe("ran\n");
  expect((await drillbook(rig.folder, "journal", "show", run)).stdout).toMatch(
    /marked by .*\n.* act +done by hand, by .*: now/u,
  );
});

test("what a person says to have done and whose postcondition fails is asked about, not simply run; its host stays held", async () => {
  const folder = rig.programs({ run: "touch acted", undo: "true", drop: "true" });
  const script = rig.script(reversible);
  expect(await rig.call(script, "--folder", folder, "--until", "owner")).toMatchObject({ code: 130 });
  const run = rig.runs().at(-1) ?? "";
  const claimed = (): boolean => readdirSync(rig.hostState).includes("claim");
  expect(claimed()).toBe(false);
  const mark = (what: string) => rig.call(script, "--resume", run, "--mark", what, "--why", "by hand");
  expect(await mark("first=done")).toMatchObject({ code: 0 });
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 1 });
  expect(claimed()).toBe(true);
  for (const made of ["first", "note", "second"]) writeFileSync(join(folder, made), "");
  expect(await rig.call(script, "--resume", run, "--until", "second")).toMatchObject({ code: 130 });
  expect(await mark("act=done")).toMatchObject({ code: 0 });
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 1 });
  expect(await rig.call(script, "--resume", run)).toMatchObject({
    code: 3,
    all: expect.stringContaining("DB3306 act "),
  });
  expect(existsSync(join(folder, "acted"))).toBe(false);
  expect(await rig.call(script, "--resume", run, "--answer", "act=run", "--until", "act")).toMatchObject({ code: 130 });
  expect(existsSync(join(folder, "acted"))).toBe(true);
});

test("a change whose outcome is not known and that did not happen is run again", async () => {
  const folder = rig.programs({ run: "echo ran >> runs", verify: "exit $(cat answer)", done: "exit 9" });
  writeFileSync(join(folder, "answer"), "9");
  const script = rig.script(oneChange("once"));
  expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 4 });
  const run = rig.runs().at(-1) ?? "";
  expect(await rig.call(script, "--resume", run, "--mark", "act=not-done", "--why", "looked")).toMatchObject({
    code: 0,
  });
  writeFileSync(join(folder, "answer"), "0");
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "runs"), "utf8")).toBe("ran\nran\n");
});

test("a read that was done by hand gives the value, which is held to its type", async () => {
  const folder = rig.programs({ look: "exit 3", use: `echo "$1" > "$(dirname "$0")/used"` });
  const script = rig.script(oneRead);
  expect(await rig.call(script, "--folder", folder)).toMatchObject({ code: 1 });
  const run = rig.runs().at(-1) ?? "";
  const mark = (...args: readonly string[]) => rig.call(script, "--resume", run, "--mark", "look=done", ...args);
  expect(await mark("--why", "saw it")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB3117 .*--value says/u),
  });
  expect(await mark("--why", "saw it", "--value", "no name")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^DB3117 .*"no name": it is not a name/u),
  });
  expect(await mark("--value", "seen")).toMatchObject({ code: 2, stderr: expect.stringContaining("--why is missing") });
  expect(await mark("--why", "saw it", "--value", "seen")).toMatchObject({ code: 0 });
  expect(await rig.call(script, "--resume", run)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "used"), "utf8")).toBe("seen\n");
});

test("only the step at hand is marked done, only what may be in effect is marked not done; questions are answered", async () => {
  const script = rig.script(everything);
  expect(await rig.call(script, "--folder", join(rig.work, "marked"))).toMatchObject({ code: 3 });
  const run = rig.runs().at(-1) ?? "";
  const count = rig.records(run).length;
  const refusals = [
    ["make-room=done", "it is not the step at hand. That is go-on."],
    ["go-on=done", "a question is answered, not marked"],
    ["make-room=not-done", "it is complete, and the run is not being undone"],
    ["names=not-done", "it is not the newest change in effect. That is make-room."],
    ["note[b c]=done", "it is not the step at hand"],
  ] as const;
  for (const [mark, why] of refusals) {
    const { code, stderr } = await rig.call(script, "--resume", run, "--mark", mark, "--why", "trying");
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining(why) });
  }
  expect(rig.records(run)).toHaveLength(count);
  expect(existsSync(join(rig.work, "marked", "notes"))).toBe(false);
});

test("a step that there is not is not marked: the nearest name is told", async () => {
  const script = rig.script(everything);
  await rig.call(script, "--folder", join(rig.work, "misnamed"));
  const run = rig.runs().at(-1) ?? "";
  const count = rig.records(run).length;
  for (const as of ["--not-done", "--done"])
    expect(await drillbook(rig.folder, "mark", run, "make-rom", as, "--why", "trying")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^DB3021 --mark: there is no step "make-rom"\. Do you mean make-room\?\n {2}The steps are: names, account,/u,
      ),
    });
  expect(rig.records(run)).toHaveLength(count);
});
