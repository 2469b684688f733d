import type { Command } from "commander";
import type { RunOptions } from "../drill/options.ts";

/** The options that every command has that runs drills. */
export interface DrillFlags {
  readonly without?: string;
  readonly keep?: true;
  readonly withoutBackup?: true;
  readonly withoutDisaster?: true;
}

/** Gives a command these options. */
export function drillOptions(command: Command): Command {
  return command
    .option("--without <step>", "take a step out of a runbook, by title or id: the drill must then fail")
    .option("--without-backup", "leave the backups out of the steady state: the drill must then fail")
    .option("--without-disaster", "replace the disaster by nothing: the drill must then be void")
    .option("--keep", "leave the machines of a drill that does not pass, with a shell to each")
    .addHelpText(
      "after",
      "\nExit codes: 0 passed, 1 failed, 2 the call makes no sense, 4 void (nothing was shown), 130 interrupted.",
    );
}

export function runOptions(flags: DrillFlags, project: RunOptions["project"], signal: AbortSignal): RunOptions {
  const { without, keep, withoutBackup, withoutDisaster } = flags;
  return {
    project,
    signal,
    ...(without !== undefined && { without }),
    ...(keep && { keep }),
    ...(withoutBackup && { withoutBackup }),
    ...(withoutDisaster && { withoutDisaster }),
  };
}
