import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

/** Why a run cannot be taken back, or not further. */

export const pastNoReturn = (
  run: string,
  step: string,
  destroyed: string,
  { resume, nothingDone, undo }: { readonly resume: string; readonly nothingDone?: string; readonly undo?: string },
): RunError =>
  new RunError(
    "DB3112",
    exitCode.refused,
    `${run} is past its point of no return: ${step}, which destroys ${destroyed}.`,
    `Taking back what came before it would leave neither the old nor the new. Go forward:\n    ${resume}` +
      (nothingDone
        ? `\n  Only where you have seen that nothing of the step was done, say so; then undo:\n    ${nothingDone}\n    ${undo}`
        : ""),
  );

export const nothingToUndo = (run: string): RunError =>
  new RunError(
    "DB3113",
    exitCode.usage,
    `${run} has begun no change: there is nothing to undo.`,
    "It stopped before its first change, and holds no host that a new run would want.",
  );

export const beingUndone = (run: string): RunError =>
  new RunError(
    "DB3114",
    exitCode.refused,
    `The run ${run} is being undone; it does not go forward any more.`,
    `Finish that: --undo ${run}. Or declare it abandoned with --break-lock ${run} on a new run.`,
  );

export const undoFailed = (step: string, host: string, what: string): RunError =>
  new RunError(
    "DB3115",
    exitCode.failed,
    `The undo of ${step} failed on ${host}: ${what}.`,
    "What came before it was not taken back. Mend what it says above, then undo again; or take it back by hand, mark the step not done, and undo again.",
  );

export const undoUnknown = (step: string, host: string, why: string): RunError =>
  new RunError(
    "DB3116",
    exitCode.unknown,
    `Whether the undo of ${step} took effect on ${host} is not known: ${why}`,
    "Undo again: the outcome is read from the host. Or look there, and mark the step not done.",
  );

export const stillRunsThere = (step: string, host: string): RunError =>
  new RunError(
    "DB3130",
    exitCode.refused,
    `The command of ${step} still runs on ${host}: what was seen of it may not be what it leaves.`,
    "Nothing was taken back. Wait for its end, look again, and mark what you see then; undo goes on after that.",
  );
