import { Node } from "ts-morph";
import { error } from "./finding.ts";
import { foreignImport } from "./source-problems.ts";
import { sourceRule, stretchOf } from "./source-rule.ts";

/** A runbook reaches for nothing but the language and other modules of runbooks. */
export const foreignImportRule = sourceRule("foreign-import", function* (node) {
  if (!Node.isImportDeclaration(node) && !Node.isExportDeclaration(node)) return;
  const specifier = node.getModuleSpecifier();
  const module = specifier?.getLiteralValue();
  if (specifier === undefined || module === undefined || node.isTypeOnly()) return;
  if (!/^(?:\.{1,2}\/|drillbook(?:\/|$))/u.test(module)) yield error(foreignImport(module), stretchOf(specifier));
});
