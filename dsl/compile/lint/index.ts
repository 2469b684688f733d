import type { Finding } from "./finding.ts";
import type { Rule, SourceFiles } from "./rule.ts";
import type { Subject } from "./subject.ts";
import { asyncBodyRule } from "./async-body.ts";
import { backgroundRule } from "./background.ts";
import { dashRule } from "./dash.ts";
import { destroysElsewhereRule } from "./destroys-elsewhere.ts";
import { fileNameRule } from "./file-name.ts";
import { foreignImportRule } from "./foreign-import.ts";
import { hiddenFailureRule } from "./hidden-failure.ts";
import { interpreterRule } from "./interpreter.ts";
import { negatedProbeRule } from "./negated-probe.ts";
import { otherHostRule } from "./other-host.ts";
import { refAsConditionRule } from "./ref-as-condition.ts";
import { refInSumRule } from "./ref-in-sum.ts";
import { refInTemplateRule } from "./ref-in-template.ts";
import { refsComparedRule } from "./refs-compared.ts";
import { secretLeakRule } from "./secret-leak.ts";
import { shellSyntaxRule } from "./shell-syntax.ts";
import { undeclaredNeedRule } from "./undeclared-need.ts";
import { undeterminedRule } from "./undetermined.ts";
import { undocumentedRule } from "./undocumented.ts";
import { unreachableBranchRule } from "./unreachable-branch.ts";
import { unsetVariableRule } from "./unset-variable.ts";
import { unusedCaptureRule } from "./unused-capture.ts";
import { unusedParamRule } from "./unused-param.ts";
import { valuePlaceRule } from "./value-place.ts";

/** What an author's TypeScript is held to beyond its types. They can be checked where the runbook did not even load. */
export const sourceRules: readonly Rule<SourceFiles>[] = [
  refInTemplateRule,
  refInSumRule,
  refAsConditionRule,
  refsComparedRule,
  asyncBodyRule,
  undeterminedRule,
  foreignImportRule,
];

/** What a plan and its commands are held to beyond what the language itself refuses. */
export const planRules: readonly Rule[] = [
  unusedCaptureRule,
  unusedParamRule,
  undeclaredNeedRule,
  destroysElsewhereRule,
  unreachableBranchRule,
  fileNameRule,
  undocumentedRule,
  shellSyntaxRule,
  valuePlaceRule,
  interpreterRule,
  dashRule,
  unsetVariableRule,
  negatedProbeRule,
  hiddenFailureRule,
  backgroundRule,
  otherHostRule,
  secretLeakRule,
];

/** What the rules find in a runbook, in the order of its source. */
export function lint(subject: Subject): readonly Finding[] {
  const found = planRules.flatMap((rule) => [...rule.check(subject)]);
  return [...lintSource(subject), ...found].sort(inOrder);
}

/** What the rules find in the authors' sources alone. */
export function lintSource(files: SourceFiles): readonly Finding[] {
  return sourceRules.flatMap((rule) => [...rule.check(files)]).sort(inOrder);
}

function inOrder(a: Finding, b: Finding): number {
  return a.at.file === b.at.file ? a.at.start - b.at.start : a.at.file < b.at.file ? -1 : 1;
}
