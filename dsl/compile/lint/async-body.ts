import { Node } from "ts-morph";
import { error } from "./finding.ts";
import { asyncBody } from "./source-problems.ts";
import { sourceRule, stretchOf } from "./source-rule.ts";

/** Nothing in a runbook waits while it is compiled. */
export const asyncBodyRule = sourceRule("async-body", function* (node) {
  const keyword = Node.isAsyncable(node) ? node.getAsyncKeyword() : undefined;
  if (keyword) yield error(asyncBody(), stretchOf(keyword));
});
