import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { holds, path, runbook, sh } from "../../../dsl/index.ts";
import { eventually } from "../../support/eventually.ts";
import { db1 } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());

/** A change that takes its time, and one that destroys, whose guard asks nothing about the machine. */
const twoChanges = runbook(
  "two-changes",
  { recovers: db1.database, objective: { rto: "1h", rpo: "24h" }, params: { folder: path() } },
  ({ change, params: { folder } }) => {
    change("Prepare", {
      on: db1,
      effect: "idempotent",
      run: sh`
        cd -- ${folder}
        touch began
        while [ ! -e go ]; do sleep 0.05; done
      `,
      verify: sh`true`,
    });
    change("Destroy", {
      on: db1,
      effect: "idempotent",
      destroys: [db1.database],
      guard: [holds("there is a folder", sh`[ -d ${folder} ]`)],
      run: sh`
        cd -- ${folder}
        touch destroyed
      `,
      verify: sh`true`,
    });
  },
);

test("a copy of the host that answers in the middle of a run is not destroyed anything on, until it is bound", async () => {
  const script = rig.script(twoChanges);
  const folder = rig.programs({});
  const answer = ["--answer", "destroy=db1 database"];
  const running = rig.start(script, "--folder", folder, ...answer);
  await eventually(() => existsSync(join(folder, "began")));
  const other = "0123456789abcdef0123456789abcdef";
  rig.swap(other);
  for (const pid of running.connections()) process.kill(pid, "SIGKILL");
  writeFileSync(join(folder, "go"), "");
  const refused = await running.ended;
  expect(refused).toMatchObject({
    code: 3,
    all: expect.stringMatching(/DB3304 [^]*this machine is db1[^]*machine-id/u),
  });
  expect(existsSync(join(folder, "destroyed"))).toBe(false);
  const run = rig.runs().at(-1) ?? "";
  expect(await rig.call(script, "--resume", run, ...answer)).toMatchObject({ code: 3 });
  const bound = rig.bind({ db1: { ...rig.bound, machineId: other } });
  expect(await rig.call(script, "--resume", run, "--binding", bound, ...answer)).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, "destroyed"))).toBe(true);
}, 120_000);
