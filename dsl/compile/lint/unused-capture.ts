import { Node, SyntaxKind } from "ts-morph";
import type { ReadStep } from "../../plan/plan.ts";
import { usedBy } from "../../plan/refs.ts";
import { walk } from "../../plan/walk.ts";
import { warning } from "./finding.ts";
import { captureUnused } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";
import type { Subject } from "./subject.ts";

/** A value that was captured and given a name is used. */
export const unusedCaptureRule: Rule = {
  name: "unused-capture",
  *check(subject) {
    const steps = [...walk(subject.plan.steps)];
    const used = new Set(steps.flatMap(usedBy));
    for (const step of steps) {
      if (step.kind !== "read" || used.has(`step:${step.id}`) || isStatement(subject, step)) continue;
      yield warning(captureUnused(step.title), subject.stepAt(step));
    }
  },
};

/** Whether the read, or the call of the procedure that it lies in, is a statement whose value is passed over. */
function isStatement({ places, reader }: Subject, step: ReadStep): boolean {
  return (places.steps[step.id] ?? []).some((place) => {
    const call = reader.nodeAt(place)?.getFirstAncestorByKind(SyntaxKind.CallExpression);
    return Node.isExpressionStatement(call?.getParent());
  });
}
