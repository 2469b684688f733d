import type { Operand, Plan, Predicate, TypeSpec } from "../../plan/plan.ts";
import { typeOfRef } from "../../plan/types.ts";
import { walk } from "../../plan/walk.ts";
import { warning } from "./finding.ts";
import { branchUnreachable } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";

/** Both branches of a condition can be taken. */
export const unreachableBranchRule: Rule = {
  name: "unreachable-branch",
  *check({ plan, stepAt }) {
    for (const step of walk(plan.steps)) {
      const answer = step.kind === "when" ? decide(plan, step.condition) : undefined;
      if (answer === undefined) continue;
      yield warning(branchUnreachable(step.title, answer ? "always" : "never"), stepAt(step));
    }
  },
};

/** What a predicate says whatever the values are, or nothing where that depends on them. */
function decide(plan: Plan, predicate: Predicate): boolean | undefined {
  switch (predicate.is) {
    case "true":
      return undefined;
    case "present": {
      const type = typeOfRef(plan, predicate.ref);
      return type && !("optional" in type) ? true : undefined;
    }
    case "eq":
      return equal(plan, predicate.left, predicate.right);
    case "lt":
      return smaller(predicate.left, predicate.right);
    case "and": {
      const all = predicate.all.map((each) => decide(plan, each));
      return all.includes(false) ? false : all.every((each) => each === true) ? true : undefined;
    }
    case "not": {
      const inner = decide(plan, predicate.not);
      return inner === undefined ? undefined : !inner;
    }
  }
}

function equal(plan: Plan, left: Operand, right: Operand): boolean | undefined {
  if ("ref" in left && "ref" in right) return left.ref === right.ref ? true : undefined;
  if ("literal" in left && "literal" in right) return left.literal === right.literal;
  const [ref, literal] = "ref" in left ? [left.ref, right] : "ref" in right ? [right.ref, left] : ["", left];
  const type = typeOfRef(plan, ref);
  return type && "literal" in literal && !canBe(type, literal.literal) ? false : undefined;
}

function canBe(type: TypeSpec, literal: string | number | boolean): boolean {
  if (type.type === "integer") return Number.isSafeInteger(literal);
  if (type.type === "boolean") return typeof literal === "boolean";
  if (typeof literal !== "string") return false;
  return type.type === "choice" ? type.of.includes(literal) : true;
}

function smaller(left: Operand, right: Operand): boolean | undefined {
  if ("ref" in left && "ref" in right) return left.ref === right.ref ? false : undefined;
  return "literal" in left && "literal" in right ? left.literal < right.literal : undefined;
}
