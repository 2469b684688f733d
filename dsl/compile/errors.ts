/**
 * What reading a runbook can find wrong. One named factory a problem, so that the wording has one home; the compiler
 * adds severity and place. Codes DB2xxx belong to the compiler.
 */
export interface Problem {
  readonly code: string;
  /** What is wrong, one sentence. */
  readonly message: string;
  /** The way out, one sentence. */
  readonly remedy: string;
}

export const moduleFailed = (cause: string): Problem => ({
  code: "DB2001",
  message: `The module could not be loaded: ${cause}`,
  remedy: "A runbook's file is imported to be compiled; mend what it throws.",
});

export const defaultExportMissing = (found: string): Problem => ({
  code: "DB2002",
  message: `The default export of a runbook's file is a runbook; here it is ${found}.`,
  remedy: "Write: export default runbook(…).",
});

export const twoDefaultExports = (): Problem => ({
  code: "DB2003",
  message: "This file exports something as its default twice.",
  remedy: "A file holds one runbook: move the other to a file of its own.",
});

export const invalidPlan = (what: string): Problem => ({
  code: "DB2004",
  message: `The plan is not as its schema says: ${what}.`,
  remedy: "Mend what the runbook declares there; the plan's form is described in plan.schema.json.",
});
