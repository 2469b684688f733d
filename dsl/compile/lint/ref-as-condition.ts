import { Node, SyntaxKind, type Expression } from "ts-morph";
import { refAsCondition } from "./source-problems.ts";
import { deferredAmong, sourceRule } from "./source-rule.ts";

const choosing = new Set(["&&", "||", "??", "&&=", "||=", "??="]);

/** A reference is never asked whether it is true. */
export const refAsConditionRule = sourceRule("ref-as-condition", function* (node) {
  yield* deferredAmong(tested(node), refAsCondition);
});

function tested(node: Node): readonly Expression[] {
  if (Node.isIfStatement(node) || Node.isWhileStatement(node) || Node.isDoStatement(node))
    return [node.getExpression()];
  if (Node.isConditionalExpression(node) || Node.isForStatement(node))
    return [node.getCondition()].filter((each) => each !== undefined);
  if (Node.isPrefixUnaryExpression(node) && node.getOperatorToken() === SyntaxKind.ExclamationToken)
    return [node.getOperand()];
  if (Node.isBinaryExpression(node) && choosing.has(node.getOperatorToken().getText())) return [node.getLeft()];
  return [];
}
