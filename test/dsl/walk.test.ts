import fc from "fast-check";
import { expect, it } from "vitest";
import type { Step } from "../../dsl/plan/plan.ts";
import { walk } from "../../dsl/plan/walk.ts";
import { plans } from "./plans.ts";

it("walks every step once, in the order of the document", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const ids = [...JSON.stringify(plan.steps).matchAll(/"id":"([^"]+)"/gu)].map(([, id]) => id);
      expect([...walk(plan.steps)].map(({ id }) => id)).toEqual(ids);
    }),
  );
});

it("comes to a condition before its branches, and to both of them", () => {
  const confirm = (id: string): Step => ({ kind: "confirm", id, title: id, evidence: [] });
  const condition = { is: "eq", left: { literal: 1 }, right: { literal: 1 } } as const;
  const when: Step = { kind: "when", id: "b", title: "b", condition, then: [confirm("c")], otherwise: [confirm("d")] };
  expect([...walk([confirm("a"), when, confirm("e")])].map(({ id }) => id)).toEqual(["a", "b", "c", "d", "e"]);
});
