import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

/** What a run's folder must have beside its journal, and has not. */

export const calledMissing = (run: string, file: string): RunError =>
  new RunError(
    "DB3127",
    exitCode.usage,
    `${file} is missing, or is no JSON: it says which binding ${run} was called with.`,
    "Name that binding, or one that says the same: --binding FILE. Nothing was sent.",
  );

export const kitMissing = (run: string, file: string, script: string): RunError =>
  new RunError(
    "DB3128",
    exitCode.refused,
    `${file} is missing: a run goes on with the script and the runtime that it began with, and ${run} keeps them there.`,
    `Call that script where it is kept otherwise, with --resume ${run} (its SHA-256 is ${script}); ` +
      `or take the run over from a host that has a copy: drillbook resume ${run} --from HOST --binding FILE. Nothing was sent.`,
  );
