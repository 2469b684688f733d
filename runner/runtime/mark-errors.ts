import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

export const markWrong = (wrong: string): RunError =>
  new RunError(
    "DB3117",
    exitCode.usage,
    `Nothing was marked: ${wrong}.`,
    "Write --mark STEP=done or --mark STEP=not-done, with --why TEXT; for a read that was done by hand also --value TEXT.",
  );

export const cannotMark = (step: string, why: string, instead: string | undefined): RunError =>
  new RunError(
    "DB3118",
    exitCode.refused,
    `${step} cannot be marked: ${why}.${instead ? ` That is ${instead}.` : ""}`,
    "Done is what a run would do next; not done is what may be in effect last. `drillbook journal show` tells where the run stands.",
  );
