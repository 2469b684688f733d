import { constantOf, within, wordsOf, type ShellNode } from "../shell/node.ts";
import { warning } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { failureHidden } from "./shell-problems.ts";

/** A change whose command passes over a failure says why. */
export const hiddenFailureRule = shellRule("hidden-failure", function* (text) {
  if (text.step.kind !== "change" || text.role !== "run") return;
  const lines = text.command.text.split("\n");
  const nodes = [...within(text.tree)];
  const lineOf = (offset: number): number => text.command.text.slice(0, offset).split("\n").length - 1;
  const commented = new Set(nodes.filter(({ type }) => type === "Comment").map(({ start }) => lineOf(start)));
  for (const node of nodes) {
    if (node.type !== "BinaryCmd" || !text.command.text.slice(node.start, node.end).includes("||")) continue;
    const line = lineOf(node.end);
    const explained = commented.has(line) || (commented.has(line - 1) && /^\s*#/u.test(lines[line - 1] ?? ""));
    if (doesNothing(node.children.at(-1)) && !explained) yield warning(failureHidden(), text.at(node.start, node.end));
  }
});

function doesNothing(statement: ShellNode | undefined): boolean {
  const call = statement?.children.find(({ type }) => type === "CallExpr");
  const words = call ? wordsOf(call).map(constantOf) : [];
  return words.length === 1 && (words[0] === "true" || words[0] === ":");
}
