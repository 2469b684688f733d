import { Node } from "ts-morph";
import { refInSum } from "./source-problems.ts";
import { deferredAmong, sourceRule } from "./source-rule.ts";

const computing = new Set([
  "+",
  "-",
  "*",
  "/",
  "%",
  "**",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "|",
  "&",
  "^",
  "<<",
  ">>",
  ">>>",
]);

/** Nothing is computed with a reference. */
export const refInSumRule = sourceRule("ref-in-sum", function* (node) {
  if (!Node.isBinaryExpression(node) || !computing.has(node.getOperatorToken().getText())) return;
  yield* deferredAmong([node.getLeft(), node.getRight()], refInSum);
});
