import type { Operand, Predicate } from "../../plan/plan.ts";

/** A predicate as a call of the script's tools. Notes the tools it uses. */
export function condition(
  predicate: Predicate,
  names: ReadonlyMap<string, string>,
  uses: (tool: string) => void,
): string {
  const operand = (side: Operand): string =>
    "ref" in side ? (names.get(side.ref) ?? "") : JSON.stringify(side.literal);
  const call = (tool: string, ...operands: readonly string[]): string => {
    uses(tool);
    return `${tool}(${operands.join(", ")})`;
  };
  const inner = (each: Predicate): string => condition(each, names, uses);
  switch (predicate.is) {
    case "true":
      return call("isTrue", operand(predicate));
    case "present":
      return call("present", operand(predicate));
    case "eq":
    case "lt":
      return call(predicate.is, operand(predicate.left), operand(predicate.right));
    case "and":
      return call("and", ...predicate.all.map(inner));
    case "not":
      return call("not", inner(predicate.not));
  }
}
