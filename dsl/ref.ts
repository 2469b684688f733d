import { refStringified } from "./errors.ts";
import type { TypeSpec } from "./plan/plan.ts";

declare const valueOf: unique symbol;

/**
 * A value that a run will have and a runbook does not have yet: a capture of a read, a parameter, an item of a loop.
 * It refuses to become text or a number, because at compile time there is none.
 */
export interface Ref<A> {
  readonly [valueOf]: A;
  /** Where the value comes from: `step:<id>`, `param:<name>` or `item:<loop id>`. */
  readonly ref: string;
  /** How the value is written and checked. */
  readonly spec: TypeSpec;
  readonly toString: never;
  readonly valueOf: never;
  readonly toJSON: never;
  readonly [Symbol.toPrimitive]: never;
}

const refs = new WeakSet<object>();

/** Makes a reference. For the language itself: authors get theirs from `read`, `params`, `when` and `forEach`. */
export function makeRef<A>(ref: string, spec: TypeSpec): Ref<A> {
  const refuse = (): never => {
    throw refStringified(ref);
  };
  const made = { ref, spec, toString: refuse, valueOf: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse };
  Object.freeze(made);
  refs.add(made);
  return made as unknown as Ref<A>;
}

/** Whether a value is a reference made by this language. */
export function isRef(value: unknown): value is Ref<unknown> {
  return typeof value === "object" && value !== null && refs.has(value);
}
