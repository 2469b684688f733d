import type { Problem } from "../errors.ts";

/** What can be wrong with an author's TypeScript that its types let pass. */

export const refInTemplate = (): Problem => ({
  code: "DB2301",
  message: "A captured value or a parameter is put into a plain text: it is not known while the runbook is compiled.",
  remedy:
    "Pass it to a command as a word of its own, sh`program -- ${value}`, or compute the text on the host in a read.",
});

export const refInSum = (): Problem => ({
  code: "DB2302",
  message: "A captured value or a parameter is computed with: it is not known while the runbook is compiled.",
  remedy: "Compute on the host, in a read: the shell has the value.",
});

export const refAsCondition = (): Problem => ({
  code: "DB2303",
  message: "A captured value or a parameter is tested: every reference is true, whatever it will stand for.",
  remedy: 'Use when("…", value, () => …), which decides while the runbook runs.',
});

export const refsCompared = (): Problem => ({
  code: "DB2304",
  message: "A captured value or a parameter is compared: it is not known while the runbook is compiled.",
  remedy: 'Use when("…", eq(a, b), () => …) or lt(a, b).',
});

export const asyncBody = (): Problem => ({
  code: "DB2305",
  message: "A function that records steps is async.",
  remedy: "Remove `async` and `await`: a body only records steps, what has to wait belongs in a step's command.",
});

export const undetermined = (what: string): Problem => ({
  code: "DB2306",
  message: `A runbook uses ${what}: the same source would not always give the same plan.`,
  remedy: "Let a read find it out on the host, or make it a parameter.",
});

export const foreignImport = (module: string): Problem => ({
  code: "DB2307",
  message: `A runbook imports "${module}".`,
  remedy: "A runbook imports the language and other modules of runbooks; what it does, it does in commands.",
});
