import type { Condition, Literal, RunValue } from "./script-api.ts";
import { held, isValue } from "./value.ts";
import type { Value } from "../journal/record.ts";

/** What `when` can ask. An operand that is not known yet makes the answer unknown, unless the rest decides it. */
export const conditions = {
  isTrue: (value: RunValue): Condition => ask([value], ([it]) => it === true),
  present: (value: RunValue): Condition => ask([value], ([it]) => it !== null),
  eq: (left: RunValue | Literal, right: RunValue | Literal): Condition => ask([left, right], ([a, b]) => a === b),
  lt: (left: RunValue | Literal, right: RunValue | Literal): Condition => ask([left, right], ([a, b]) => less(a, b)),
  and: (...all: readonly Condition[]): Condition => {
    const answers = all.map((each) => each.answer);
    const answer = answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
    return { answer, waitsFor: answer === undefined ? [...new Set(all.flatMap(({ waitsFor }) => waitsFor))] : [] };
  },
  not: ({ answer, waitsFor }: Condition): Condition => ({
    answer: answer === undefined ? undefined : !answer,
    waitsFor,
  }),
};

type Operands = readonly (Value | undefined)[];

function ask(operands: readonly (RunValue | Literal)[], decide: (values: Operands) => boolean): Condition {
  const values = operands.map((each) => (isValue(each) ? held(each).value : each));
  const waitsFor = operands.flatMap((each) => (isValue(each) && held(each).value === undefined ? [each.name] : []));
  return { answer: waitsFor.length > 0 ? undefined : decide(values), waitsFor };
}

/** Numbers by size, instants by time: their one form sorts as it is written. An absent value is less than nothing. */
function less(a: Value | undefined, b: Value | undefined): boolean {
  if (a === null || b === null || a === undefined || b === undefined) return false;
  return typeof a === "number" && typeof b === "number" ? a < b : String(a) < String(b);
}
