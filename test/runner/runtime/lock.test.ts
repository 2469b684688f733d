import { existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { runbook, sh } from "../../../dsl/index.ts";
import { db1, everything, folder, objective, oneChange, oneRead } from "./books.ts";
import { startRig, type Running } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const script = rig.script(oneChange("idempotent"));
const quick = (): string => rig.programs({ run: "true", verify: "true" });

/** A run that holds the host until the file `go` is there. */
async function holding(): Promise<{ readonly running: Running; readonly folder: string; readonly run: string }> {
  const folder = rig.programs({ run: "touch began; while [ ! -e go ]; do sleep 0.05; done", verify: "true" });
  const running = rig.start(script, "--folder", folder);
  await eventually(() => existsSync(join(folder, "began")));
  return { running, folder, run: rig.runs().at(-1) ?? "" };
}

test("a host that a live run holds is refused: whose it is, since when, and that it lives", async () => {
  const { running, folder, run } = await holding();
  const { code, all } = await rig.call(script, "--folder", quick());
  expect(code).toBe(5);
  expect(all).toMatch(
    new RegExp(`db1 is held by the run ${run} \\(one-idempotent\\) of \\w+@.*, since \\d{4}-.*it is alive`, "u"),
  );
  const broken = await rig.call(script, "--folder", quick(), "--break-lock", run);
  expect(broken).toMatchObject({ code: 5, all: expect.stringContaining("still works on db1") });
  // What it wrote of itself is gone, as where the disk was full: the lock still holds.
  for (const claim of globSync(join(rig.folder, "host-*", "**", "claim"))) rmSync(claim);
  const silent = await rig.call(script, "--folder", quick());
  expect(silent).toMatchObject({ code: 5, all: expect.stringContaining("which has not said yet whose it is") });
  writeFileSync(join(folder, "go"), "");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(await rig.call(script, "--folder", quick())).toMatchObject({ code: 0 });
});

/** A backup of one change, of the test's own program. */
const backup = rig.script(
  runbook("back-up", { backsUp: db1.database, objective, params: { folder } }, ({ change, params }) =>
    change("Act", {
      on: db1,
      effect: "idempotent",
      run: sh`f=${params.folder}; "$f/run"`,
      verify: sh`f=${params.folder}; "$f/verify"`,
    }),
  ),
);

test("a backup that was seen to fail gives its host back; one whose outcome is not known, or another runbook, does not", async () => {
  const failing = rig.programs({ run: "exit 1", verify: "true" });
  const failed = await rig.call(backup, "--folder", failing);
  expect(failed).toMatchObject({ code: 1, all: expect.not.stringContaining("Held:") });
  expect(await rig.call(backup, "--folder", quick())).toMatchObject({ code: 0 });

  expect(await rig.call(script, "--folder", failing)).toMatchObject({ code: 1, all: expect.stringContaining("Held:") });
  expect(await rig.call(backup, "--folder", quick())).toMatchObject({ code: 5 });
  rig.freshHost();

  const unknown = rig.programs({ run: "true", verify: "exit 9" });
  expect(await rig.call(backup, "--folder", unknown)).toMatchObject({ code: 4, all: expect.stringContaining("Held:") });
  expect(await rig.call(backup, "--folder", quick())).toMatchObject({ code: 5 });
}, 60_000);

test("an abandoned run keeps its host, until somebody decides; the decision is on record", async () => {
  const { running, run, folder: busy } = await holding();
  running.child.kill("SIGKILL");
  await running.ended;
  await eventually(async () => (await rig.call(script, "--folder", quick())).all.includes("its runner is gone"));
  const folder = quick();
  const other = await rig.call(script, "--folder", folder, "--break-lock", "2026-01-01T00-00-00Z-other-0000");
  expect(other).toMatchObject({ code: 5, all: expect.stringContaining(`--break-lock ${run}`) });
  // Its command still runs: nobody works beside it.
  const broken = () => rig.call(script, "--folder", folder, "--break-lock", run);
  expect(await broken()).toMatchObject({ code: 5, all: expect.stringMatching(/DB3316 .*a command of it still runs/u) });
  writeFileSync(join(busy, "go"), "");
  await eventually(async () => (await broken()).code === 0);
  expect(rig.records().find(({ type }) => type === "resolved")?.data).toMatchObject({
    what: `the claim of ${run} on db1 is set aside`,
    why: `--break-lock ${run}`,
  });
});

test("a run that failed keeps its host for its resume, and says so; a complete one gives it back", async () => {
  const folder = rig.programs({ run: "[ -e mended ]", verify: "true", done: "false" });
  const { all } = await rig.call(script, "--folder", folder);
  expect(all).toMatch(/Held: +db1/u);
  expect(await rig.call(script, "--folder", quick())).toMatchObject({ code: 5 });
  writeFileSync(join(folder, "mended"), "");
  const failed = rig.runs().findLast((run) => rig.records(run).some(({ type }) => type === "failed"));
  expect(await rig.call(script, "--resume", failed ?? "")).toMatchObject({ code: 0 });
  expect(await rig.call(script, "--folder", quick())).toMatchObject({ code: 0 });
});

test("a run that is refused before its first change holds nothing", async () => {
  const folder = rig.programs({ look: "echo seen", use: "" });
  const looked = await rig.call(rig.script(oneRead), "--folder", join(folder, "nowhere"));
  expect(looked).toMatchObject({ code: 1, all: expect.not.stringContaining("Held") });
  expect(await rig.call(script, "--folder", quick())).toMatchObject({ code: 0 });
});

test("looking takes no lock: a plan works while another run holds the host", async () => {
  const { running, folder } = await holding();
  expect(await rig.call(rig.script(everything), "--folder", "/tmp/nowhere", "--plan")).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "go"), "");
  expect(await running.ended).toMatchObject({ code: 0 });
});
