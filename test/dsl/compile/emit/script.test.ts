import fc from "fast-check";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emitScript } from "../../../../dsl/compile/emit/script.ts";
import { planErrors } from "../../../../dsl/compile/validate/plan.ts";
import { canonical } from "../../../../dsl/plan/canonical.ts";
import type { Plan, Step } from "../../../../dsl/plan/plan.ts";
import { walk } from "../../../../dsl/plan/walk.ts";
import { plans } from "../../plans.ts";
import { runtime, ScriptRecorder } from "./recorded.ts";

let recorder: ScriptRecorder;
beforeAll(async () => {
  recorder = await ScriptRecorder.start();
});
afterAll(() => recorder[Symbol.asyncDispose]());

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

it("a script takes exactly the plan's steps, with its texts and values", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      expect(planErrors(plan)).toEqual([]);
      const { head, steps } = await recorder.record(emitScript(plan, runtime));
      expect(canonical(steps)).toBe(canonical(withoutTypesOfWhen(plan.steps)));
      const { id, kind, objective, needs, params, hosts, secrets } = plan;
      expect(canonical(head)).toBe(
        canonical({
          v: 1,
          id,
          kind,
          objective,
          needs,
          params,
          hosts,
          secrets,
          plan: sha256(canonical(plan)),
          runtime: runtime.sha256,
          steps: [...walk(plan.steps)].filter(
            ({ kind }) => kind !== "when" && kind !== "for-each" && kind !== "on-each",
          ).length,
        }),
      );
    }),
    { numRuns: 150 },
  );
});

it("the second line holds the digest of every byte below it", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const [first, second = "", ...rest] = emitScript(plan, runtime).split("\n");
      expect(first).toBe("#!/usr/bin/env node");
      expect(second).toBe(`// drillbook-script 1 sha256:${sha256(rest.join("\n"))}`);
    }),
  );
});

it("the same plan gives the same bytes, whatever the order of its members", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(emitScript(reversed(plan) as Plan, runtime)).toBe(emitScript(plan, runtime));
    }),
  );
});

/** What a branch gives has its type from the step that gives it; a script does not repeat it. */
function withoutTypesOfWhen(steps: readonly Step[]): readonly unknown[] {
  return steps.map((step) => {
    if (step.kind === "for-each" || step.kind === "on-each") return { ...step, steps: withoutTypesOfWhen(step.steps) };
    if (step.kind !== "when") return step;
    const { gives, then, otherwise, ...rest } = step;
    const branches = { then: withoutTypesOfWhen(then), otherwise: withoutTypesOfWhen(otherwise) };
    return { ...rest, ...branches, ...(gives && { gives: { then: gives.then, otherwise: gives.otherwise } }) };
  });
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
