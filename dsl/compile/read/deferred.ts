import type { Expression, Type } from "ts-morph";
import { isTheirs } from "../load/authors.ts";

/** Whether an expression stands for a value or a host that only a run will have. */
export function isDeferred(expression: Expression): boolean {
  return isDeferredType(expression.getType());
}

function isDeferredType(type: Type): boolean {
  if (type.isUnion()) return type.getUnionTypes().some(isDeferredType);
  // References and hosts alike have a `ref`, declared by the language.
  const declared = type.isObject() || type.isIntersection() ? type.getProperty("ref")?.getDeclarations() : [];
  return declared?.some((each) => !isTheirs(each.getSourceFile().getFilePath())) ?? false;
}
