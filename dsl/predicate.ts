import type { Operand, Predicate as PlanPredicate } from "./plan/plan.ts";
import { isRef, type Ref } from "./ref.ts";

/** What `when` asks. There is no expression language: computation belongs in shell. */
export interface Predicate {
  readonly kind: "predicate";
  readonly predicate: PlanPredicate;
}

type Plain = string | number | boolean;

const operand = (value: Ref<unknown> | Plain): Operand => (isRef(value) ? { ref: value.ref } : { literal: value });

/** Both sides are the same value. */
export function eq<A extends Plain>(left: Ref<A>, right: Ref<A> | A): Predicate {
  return { kind: "predicate", predicate: { is: "eq", left: operand(left), right: operand(right) } };
}

/** The left number is smaller, or the left instant earlier. */
export function lt<A extends string | number>(left: Ref<A> | A, right: Ref<A> | A): Predicate {
  return { kind: "predicate", predicate: { is: "lt", left: operand(left), right: operand(right) } };
}

/** An optional value was given. To use the value, pass the reference itself to `when`: it is narrowed there. */
export function present(ref: Ref<Plain | undefined>): Predicate {
  return { kind: "predicate", predicate: { is: "present", ref: ref.ref } };
}

/** All of them hold. */
export function and(...all: readonly [Predicate, Predicate, ...Predicate[]]): Predicate {
  return { kind: "predicate", predicate: { is: "and", all: all.map((each) => each.predicate) } };
}

/** It does not hold. */
export function not(predicate: Predicate): Predicate {
  return { kind: "predicate", predicate: { is: "not", not: predicate.predicate } };
}
