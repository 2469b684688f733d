import type { Plan, TypeSpec } from "../../plan/plan.ts";
import { typeOfRef } from "../../plan/types.ts";
import type { Problem } from "../errors.ts";
import { ancestor, type ShellNode } from "../shell/node.ts";
import { standingOf } from "../shell/standing.ts";
import { error } from "./finding.ts";
import { shellRule, type ReadableText } from "./rule.ts";
import { valueAsProgram, valueAsTarget, valueEnclosed, valueInArithmetic, valueInWord } from "./shell-problems.ts";

/** A value is one whole word, in a place where a word is only data. */
export const valuePlaceRule = shellRule("value-place", function* (text, { plan }) {
  for (const value of text.values) {
    const standing = standingOf(text.tree, value);
    const [start, end] = [value.offset, value.offset + value.variable.length + 3];
    const problem =
      standing.as === "enclosed"
        ? valueEnclosed(value.variable, standing.by)
        : standing.as === "part"
          ? valueInWord(value.variable, text.command.text.slice(standing.word.start, start))
          : misplaced(text, standing.word, value.variable, typeOf(plan, text, value.variable));
    if (problem) yield error(problem, text.at(start, end));
  }
});

function misplaced(text: ReadableText, word: ShellNode, variable: string, type: TypeSpec["type"]): Problem | undefined {
  const { parent } = word;
  if (parent?.type === "CallExpr" && parent.children.find((child) => child.type === "Word") === word)
    return valueAsProgram(variable);
  if (type !== "integer" && isArithmetic(text, word)) return valueInArithmetic(variable, type);
  // A here-string is data; any other redirection names a file.
  const redirection = parent?.type === "Redirect" && !text.command.text.startsWith("<<<", parent.start);
  return redirection && type !== "path" ? valueAsTarget(variable, type) : undefined;
}

/** `$(( … ))`, `(( … ))`, `let`, and the comparisons of `[[ … ]]` that compute. */
function isArithmetic({ command }: ReadableText, word: ShellNode): boolean {
  const { parent } = word;
  if (parent?.type === "BinaryTest")
    return /\s-(?:eq|ne|lt|le|gt|ge)\s/u.test(command.text.slice(parent.start, parent.end));
  return ["ArithmExp", "ArithmCmd", "LetClause"].some((type) => ancestor(word, type) !== undefined);
}

function typeOf(plan: Plan, { command }: ReadableText, variable: string): TypeSpec["type"] {
  return typeOfRef(plan, command.vars[variable] ?? "")?.type ?? "text";
}
