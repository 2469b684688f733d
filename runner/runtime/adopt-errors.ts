import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

export const recordUntrue = (run: string, wrong: readonly string[]): RunError =>
  new RunError(
    "DB3123",
    exitCode.refused,
    `What ${run} has on record would not be true of this script:\n  ${wrong.join("\n  ")}`,
    "Leave those steps as they were, and write what else is wanted behind what is finished. Or resume with the script " +
      "that the run began with, kept in its folder under kit/; or undo the run, and begin a new one with this script.",
  );

export const notCompared = (run: string, why: string): RunError =>
  new RunError(
    "DB3124",
    exitCode.refused,
    `The script that ${run} began with cannot be compared with this one: ${why}.`,
    "Resume it with the script and the runtime that it began with; its record says their digests.",
  );
