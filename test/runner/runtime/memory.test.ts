import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runbook, sh } from "../../../dsl/index.ts";
import { db1, objective } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());

const steps = 20;
const printed = 2_000_000;

const talkative = runbook("talkative", { objective, needs: [db1] }, ({ change }) => {
  for (let step = 1; step <= steps; step += 1)
    change(`Step ${step}`, {
      on: db1,
      effect: "idempotent",
      run: sh`head -c 2000000 /dev/zero | tr '\0' x`,
      verify: sh`true`,
    });
});

test("what a step has printed is not kept in memory behind it", async () => {
  const held = join(rig.folder, "held");
  process.env["DRILLBOOK_HELD"] = held;
  process.env["NODE_OPTIONS"] = `--import ${fileURLToPath(new URL("memory.mjs", import.meta.url))}`;
  const { code, all } = await rig.call(rig.script(talkative));
  expect(code, all).toBe(0);
  // Of forty megabytes; a step at hand holds its own some three times.
  expect(Number(readFileSync(held, "utf8"))).toBeLessThan(10 * printed);
}, 120_000);
