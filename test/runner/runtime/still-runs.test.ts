import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { reversible } from "./reversible.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(reversible);

/** A program that waits for the file `go`, and tells when it begins and ends. */
const slow = (made: string): string =>
  `echo begin >> runs; while [ ! -e "\${0%/*}/go" ]; do sleep 0.05; done; touch "\${0%/*}/${made}"; echo end >> runs`;

/** A run whose runner was killed while this program of it runs on. */
async function orphaned(program: "run" | "drop"): Promise<{ readonly folder: string; readonly run: string }> {
  const others = { run: "touch acted", drop: "exit 1", undo: "true" };
  const folder = rig.programs({
    ...others,
    [program]: `cd "\${0%/*}"; ${slow(program === "run" ? "acted" : "dropped")}`,
  });
  const running = rig.start(script, "--folder", folder, "--answer", "drop=db1 database");
  await eventually(() => existsSync(join(folder, "runs")));
  running.child.kill("SIGKILL");
  await running.ended;
  return { folder, run: rig.runs().at(-1) ?? "" };
}

const call = (...args: readonly string[]) => rig.call(script, ...args);
const mark = async (run: string, step: string, as: "done" | "not-done"): Promise<void> => {
  const marked = await call("--resume", run, "--mark", `${step}=${as}`, "--why", "I looked");
  expect(marked.code, marked.all).toBe(0);
};
const letGo = (folder: string): void => writeFileSync(join(folder, "go"), "");
const runs = (folder: string): string => readFileSync(join(folder, "runs"), "utf8");

test.each(["done", "not-done"] as const)(
  "a command that still runs is waited for, though its step was marked %s meanwhile: it is not sent again",
  async (as) => {
    const { folder, run } = await orphaned("run");
    await mark(run, "act", as);
    const resumed = rig.start(script, "--resume", run, "--until", "act");
    await eventually(() => resumed.said().includes("Act"));
    letGo(folder);
    const { code, all } = await resumed.ended;
    expect({ code, all }).toMatchObject({ code: 130, all: expect.stringContaining("Stopped after Act") });
    expect(runs(folder)).toBe("begin\nend\n");
  },
  60_000,
);

test.each([
  ["run", "act"],
  ["drop", "drop"],
] as const)("an undo takes nothing back while the marked %s still runs", async (program, step) => {
  const { folder, run } = await orphaned(program);
  await mark(run, step, "not-done");
  const early = await call("--undo", run, "--answer", "undo=yes");
  expect(early).toMatchObject({ code: 3, all: expect.stringMatching(/DB3130 The command of \w+ still runs on db1/u) });
  expect(existsSync(join(folder, "log"))).toBe(false);
  letGo(folder);
  await eventually(() => runs(folder).endsWith("end\n"));
  const undone = await call("--undo", run, "--answer", "undo=yes");
  expect(undone).toMatchObject({ code: 3, all: expect.stringContaining("Partly undone") });
  expect(readFileSync(join(folder, "log"), "utf8")).toContain("undo first");
});
