import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Rehearsal } from "../../../dsl/plan/rehearsal.ts";
import { sha256 } from "../../../runner/journal/line.ts";
import { oneChange } from "./books.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());

const script = rig.script(oneChange("idempotent"));
const file = join(dirname(script), "one-idempotent.drills.json");
const folder = rig.programs({ run: "true", verify: "exit 1" });

const exact: Rehearsal = {
  drill: "lost-site",
  verdict: "passed",
  at: "2026-11-20T03:00:00.000Z",
  samePlan: true,
  script: sha256(readFileSync(script)),
  runtime: rig.runtime.sha256,
  stepSeconds: { act: 90 },
  rtaSeconds: 125,
  objective: { rto: "not shown", rpo: "not shown" },
  as: "recovery",
};
const drills = (...rehearsals: readonly unknown[]): string =>
  JSON.stringify({ v: 1, runbook: "one-idempotent", rehearsals });
const never = "WARNING: this exact script has never passed a drill.";

test.each<readonly [string, string | undefined, string]>([
  [
    "these bytes passed",
    drills(exact),
    "This exact script passed the drill lost-site on 2026-11-20: recovered in 2 min 5 s.",
  ],
  [
    "what they backed up was recovered from",
    drills({ ...exact, as: "backup" }),
    "This exact script passed the drill lost-site on 2026-11-20: what it backed up was recovered from.",
  ],
  [
    "these bytes failed, and others passed before",
    drills({ ...exact, verdict: "failed" }, { ...exact, at: "2026-11-01T03:00:00.000Z", script: "0".repeat(64) }),
    "WARNING: this exact script failed the drill lost-site on 2026-11-20. Another version of it passed the drill lost-site on 2026-11-01: recovered in 2 min 5 s.",
  ],
  ["another runtime ran", drills({ ...exact, runtime: "0".repeat(64) }), `${never} Another version of it passed`],
  [
    "there is no file",
    undefined,
    `${never} (No drill is known: there is no one-idempotent.drills.json beside the script.)`,
  ],
  ["it is no JSON", "{", `${never} (No drill is known: one-idempotent.drills.json is damaged.)`],
  [
    "it is of another form",
    drills({ ...exact, stepSeconds: { act: "long" } }),
    "one-idempotent.drills.json is damaged.)",
  ],
  [
    "it is another runbook's",
    drills(exact).replace("one-idempotent", "other"),
    "one-idempotent.drills.json is not of this runbook.)",
  ],
])("what drills know: %s", async (_, text, words) => {
  if (text === undefined) rmSync(file);
  else writeFileSync(file, text);
  const { code, stdout, stderr } = await rig.call(script, "--folder", folder, "--plan");
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(words) });
  const timed = words.includes("passed the drill") || words.includes("failed the drill") || words.includes("Another");
  expect(stdout.includes("db1: Act (about 1 min 30 s)")).toBe(timed);
  expect(stderr).toContain(timed ? "Expected: about 1 min 30 s by the last drill" : "No drill says how long it takes");
});
