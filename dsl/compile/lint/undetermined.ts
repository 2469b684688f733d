import { Node, type Identifier } from "ts-morph";
import { isTheirs } from "../load/authors.ts";
import { error } from "./finding.ts";
import { undetermined } from "./source-problems.ts";
import { sourceRule, stretchOf } from "./source-rule.ts";

// Clocks, chance, the process and the network; their values differ from one compilation to the next.
const denied = new Set(
  "Date Intl Temporal process performance crypto fetch navigator globalThis require setTimeout setInterval setImmediate queueMicrotask".split(
    " ",
  ),
);

/** The same source always gives the same plan. */
export const undeterminedRule = sourceRule("undetermined", function* (node) {
  if (!Node.isIdentifier(node)) return;
  const random = node.getText() === "Math" && /^Math\s*\.\s*random\b/u.test(node.getParent()?.getText() ?? "");
  if ((!denied.has(node.getText()) && !random) || !isGlobal(node)) return;
  yield error(undetermined(random ? "Math.random" : node.getText()), stretchOf(node));
});

function isGlobal(name: Identifier): boolean {
  const parent = name.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === name) return false;
  if (Node.isPropertyAssignment(parent) && parent.getNameNode() === name) return false;
  if (Node.isTypeReference(parent)) return false;
  return !name
    .getSymbol()
    ?.getDeclarations()
    .some((each) => isTheirs(each.getSourceFile().getFilePath()));
}
