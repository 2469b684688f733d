import type { Expression, Node } from "ts-morph";
import type { Problem } from "../errors.ts";
import { isDeferred } from "../read/deferred.ts";
import { error, type Finding, type Stretch } from "./finding.ts";
import type { Rule, SourceFiles } from "./rule.ts";

/** A rule that reads the authors' sources node by node. */
export function sourceRule(name: string, check: (node: Node) => Iterable<Finding>): Rule<SourceFiles> {
  return {
    name,
    *check({ imports, reader }) {
      for (const file of imports) for (const node of reader.nodes(file)) yield* check(node);
    },
  };
}

/** Reports each of the expressions that only a run will have a value for. */
export function* deferredAmong(expressions: readonly Expression[], problem: () => Problem): Generator<Finding> {
  for (const expression of expressions) if (isDeferred(expression)) yield error(problem(), stretchOf(expression));
}

export function stretchOf(node: Node): Stretch {
  return { file: node.getSourceFile().getFilePath(), start: node.getStart(), end: node.getEnd() };
}
