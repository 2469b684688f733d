import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { drillbook } from "../cli/drillbook.ts";
import { reversible } from "./reversible.ts";
import { startRig, type Called } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(reversible);
const folder = rig.programs({ run: "exit 1", undo: "true", drop: "exit 1" });

/** A state folder of its own, and what is begun in it, in different seconds: runs of one second are in no order. */
function place() {
  const state = mkdtempSync(join(rig.folder, "place-"));
  const runs = (): readonly string[] => readdirSync(state).sort();
  const call = (...args: readonly string[]): Promise<Called> =>
    rig.call(script, "--binding", rig.binding, "--state", state, ...args);
  const begin = async (code: number): Promise<string> => {
    const last = runs().at(-1) ?? "";
    await eventually(() => !last.startsWith(new Date().toISOString().slice(0, 19).replaceAll(":", "-")));
    const { code: is, all } = await call("--folder", folder);
    expect(is, all).toBe(code);
    return runs().at(-1) ?? "";
  };
  return { state, call, begin };
}

test("a run that only met a lock is not meant where another one is half done", async () => {
  const { state, call, begin } = place();
  const half = await begin(1);
  const locked = await begin(5);
  const left = `Left out for ${half}: ${locked} (only met a lock).`;
  for (const each of [await call("--resume"), await drillbook(rig.folder, "resume", "--state", state)])
    expect(each).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(left),
      stdout: expect.stringContaining("act"),
    });
  const undo = ["--answer", "undo=yes"] as const;
  const undone = await drillbook(rig.folder, "undo", "--state", state, ...undo);
  expect(undone).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("Partly undone: 3 changes"),
    stderr: expect.stringContaining(`Left out for ${half}: ${locked} (no change in effect).`),
  });
  expect(await call("--undo", ...undo)).toMatchObject({ code: 3, all: expect.stringContaining("1 have no undo") });
}, 60_000);

test("where only such runs are, they are what is meant", async () => {
  const other = place();
  await other.begin(1);
  const { state, call, begin } = place();
  const locked = await begin(5);
  expect(await call("--resume")).toMatchObject({ code: 5 });
  expect(await drillbook(rig.folder, "undo", "--state", state)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(new RegExp(`^DB3113 ${locked} has begun no change`, "u")),
  });
}, 60_000);

test("of several, each is told with how and when it ended, the newest last; and how one is named", async () => {
  const { call, begin } = place();
  const older = await begin(1);
  rig.freshHost();
  const newer = await begin(1);
  const at = "failed at \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ, DB3301 Act failed on db1: .*";
  const lines = `\n {2}${older}: ${at}\n {2}${newer}: ${at}\n`;
  for (const mode of ["--resume", "--undo"]) {
    expect(await call(mode)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`^DB3317 2 runs of reversible .*${lines} +Name .*: ${mode} RUN`, "u")),
    });
  }
}, 60_000);
