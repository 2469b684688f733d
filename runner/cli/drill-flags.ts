import type { Command } from "commander";

/** Gives a command the options that every one has that runs drills. */
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
