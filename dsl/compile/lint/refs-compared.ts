import { Node } from "ts-morph";
import { refsCompared } from "./source-problems.ts";
import { deferredAmong, sourceRule } from "./source-rule.ts";

const comparing = new Set(["==", "!=", "===", "!==", "<", ">", "<=", ">="]);

/** A reference is compared where its value is known: by a predicate. */
export const refsComparedRule = sourceRule("refs-compared", function* (node) {
  if (Node.isSwitchStatement(node)) yield* deferredAmong([node.getExpression()], refsCompared);
  if (!Node.isBinaryExpression(node) || !comparing.has(node.getOperatorToken().getText())) return;
  yield* [...deferredAmong([node.getLeft(), node.getRight()], refsCompared)].slice(0, 1);
});
