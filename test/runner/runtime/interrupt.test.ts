import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { list, name, path, runbook, sh } from "../../../dsl/index.ts";
import { db1 } from "./books.ts";
import { startRig, type Running } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.freshHost());

const two = rig.script(
  runbook("two-steps", { objective: { rto: "1h", rpo: "24h" }, params: { folder: path() } }, (tools) => {
    const { read, forEach, change, params } = tools;
    const all = read("Steps", { on: db1, run: sh`printf 'first\nsecond\n'`, gives: list(name()) });
    forEach("Each step", all, (each) => {
      const verify = sh`
        each=${each}
        cd -- ${params.folder}
        [ -e "$each.ended" ]
      `;
      change("Act", {
        on: db1,
        effect: "once",
        run: sh`
          each=${each}
          cd -- ${params.folder}
          echo began >> "$each.began"
          while [ ! -e go ]; do sleep 0.05; done
          touch "$each.ended"
        `,
        verify,
        done: verify,
      });
    });
  }),
);

async function inTheFirstStep(): Promise<{ readonly running: Running; readonly folder: string; readonly run: string }> {
  const folder = rig.programs({});
  const running = rig.start(two, "--folder", folder);
  await eventually(() => existsSync(join(folder, "first.began")));
  return { running, folder, run: rig.runs().at(-1) ?? "" };
}

/** What Ctrl-C does in a terminal: the signal goes to the script and to every process that it started. */
const interrupt = ({ child }: Running): boolean => child.pid !== undefined && process.kill(-child.pid, "SIGINT");

test("Ctrl-C lets the step at hand finish, and stops before the next", async () => {
  const { running, folder, run } = await inTheFirstStep();
  interrupt(running);
  await eventually(() => running.said().includes("Stopping after this step"));
  writeFileSync(join(folder, "go"), "");
  expect(await running.ended).toMatchObject({ code: 130, all: expect.stringContaining("Stopped between two steps") });
  expect([existsSync(join(folder, "first.ended")), existsSync(join(folder, "second.began"))]).toEqual([true, false]);
  expect(rig.records(run).at(-1)?.data).toMatchObject({ verdict: "interrupted", exitCode: 130 });
  expect(await rig.call(two, "--resume", run)).toMatchObject({ code: 0 });
});

test("Ctrl-C twice leaves at once: the outcome is unknown, says so, and is read on resume", async () => {
  const { running, folder, run } = await inTheFirstStep();
  interrupt(running);
  await eventually(() => running.said().includes("Stopping after this step"));
  interrupt(running);
  expect(await running.ended).toMatchObject({
    code: 4,
    all: expect.stringContaining("the operator left while it ran"),
  });
  writeFileSync(join(folder, "go"), "");
  expect(await rig.call(two, "--resume", run)).toMatchObject({ code: 0 });
  const starts = rig.records(run).filter(({ type }) => type === "intent");
  expect(starts).toHaveLength(2);
});

test("a connection that is lost in the middle of a command loses nothing: the outcome is read from the host", async () => {
  const { running, folder, run } = await inTheFirstStep();
  for (const pid of running.connections()) process.kill(pid, "SIGKILL");
  writeFileSync(join(folder, "go"), "");
  expect(await running.ended).toMatchObject({ code: 0 });
  const records = rig.records(run);
  expect(records.filter(({ type }) => type === "host")).toHaveLength(2);
  expect(records.filter(({ type }) => type === "intent")).toHaveLength(2);
});
