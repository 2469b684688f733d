import { exitCode } from "../../exit-codes.ts";
import { RunError } from "../../run-error.ts";

export const unknownSchedule = (given: string, nearest: string | undefined, known: readonly string[]): RunError =>
  new RunError(
    "DB3905",
    exitCode.usage,
    `There is no schedule "${given}".`,
    nearest
      ? `Did you mean "${nearest}"?`
      : known.length > 0
        ? `There are: ${known.join(", ")}.`
        : "A schedule is the default export of a file in the project's runbooks folder that is named NAME.schedule.ts.",
  );

export const notASchedule = (file: string): RunError =>
  new RunError(
    "DB3906",
    exitCode.usage,
    `${file} exports no schedule.`,
    "Write `export default schedule(…)` in it, or name it otherwise.",
  );

export const callNotBound = (runbook: string, why: string): RunError =>
  new RunError(
    "DB3907",
    exitCode.usage,
    `${runbook} could not be called every day: ${why}.`,
    "Mend the binding, or the schedule's parameters.",
  );
