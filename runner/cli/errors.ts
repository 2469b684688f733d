import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

export const nothingStopped = (root: string): RunError =>
  new RunError(
    "DB3801",
    exitCode.usage,
    `No run in ${root} has stopped before its end.`,
    "`drillbook journal list` shows every run; --state DIR or DRILLBOOK_STATE names another place.",
  );

export const pageNotWritten = (file: string, why: string): RunError =>
  new RunError(
    "DB3808",
    exitCode.usage,
    `The page cannot be written to ${file}: ${why}.`,
    "Name a file in a folder that is there: --html FILE; - is stdout.",
  );

export const noDiagnosis = (worlds: string): RunError =>
  new RunError(
    "DB3802",
    exitCode.usage,
    `${worlds} does not say what its worlds need.`,
    "Export `diagnose` from it: a function that gives findings.",
  );

export const optionBeforeRunbook = (command: string, option: string): RunError =>
  new RunError(
    "DB3020",
    exitCode.usage,
    `${option} stands where the name of a runbook belongs.`,
    `Name the runbook first: drillbook ${command} RUNBOOK ${option} …`,
  );
