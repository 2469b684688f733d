import { exitCode } from "./exit-codes.ts";
import { RunError } from "./run-error.ts";

export const noProject = (cwd: string): RunError =>
  new RunError(
    "DB3901",
    exitCode.usage,
    `There is no package.json in ${cwd} or above it.`,
    "Go to the folder of a project that has runbooks, or begin one there with `npm init`.",
  );

export const badConfig = (file: string, member: string): RunError =>
  new RunError(
    "DB3902",
    exitCode.usage,
    `"drillbook"."${member}" in ${file} is not a path.`,
    'Write it as a string, relative to the project: "drillbook": { "runbooks": "runbooks", "worlds": "fixtures/index.ts" }.',
  );

export const unknownRunbook = (given: string, nearest: string | undefined, known: readonly string[]): RunError =>
  new RunError(
    "DB3903",
    exitCode.usage,
    `There is no runbook "${given}".`,
    nearest
      ? `Did you mean "${nearest}"?`
      : known.length > 0
        ? `There are: ${known.join(", ")}.`
        : "A runbook is the default export of a file in the project's runbooks folder, and has that file's name.",
  );

export const twoOfOneName = (name: string, files: readonly string[]): RunError =>
  new RunError(
    "DB3904",
    exitCode.usage,
    `Several files are named "${name}": ${files.join(", ")}.`,
    "A runbook and a drill are known by the name of their file: rename all but one.",
  );
