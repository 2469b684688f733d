import { Node } from "ts-morph";
import { refInTemplate } from "./source-problems.ts";
import { deferredAmong, sourceRule } from "./source-rule.ts";

/** A reference never becomes plain text. */
export const refInTemplateRule = sourceRule("ref-in-template", function* (node) {
  if (!Node.isTemplateExpression(node) || Node.isTaggedTemplateExpression(node.getParent())) return;
  yield* deferredAmong(
    node.getTemplateSpans().map((span) => span.getExpression()),
    refInTemplate,
  );
});
