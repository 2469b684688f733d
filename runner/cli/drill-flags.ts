import { InvalidArgumentError, type Command } from "commander";

/** Gives a command the options that every one has that runs drills. */
export function drillOptions(command: Command): Command {
  return command
    .option("--without <step>", "take a step out of a runbook, by title or id: the drill must then fail")
    .option("--without-backup", "leave the backups out of the steady state: the drill must then fail")
    .option("--without-disaster", "replace the disaster by nothing: the drill must then be void")
    .option("--keep", "leave the machines of a drill that does not pass, with a shell to each")
    .option("--patience <seconds>", "how long to wait for a probe to turn, or a write to be acknowledged", seconds)
    .addHelpText(
      "after",
      "\nExit codes: 0 passed, 1 failed, 2 the call makes no sense, 4 void (nothing was shown), 130 interrupted.",
    );
}

function seconds(given: string): number {
  if (!/^\d+(?:\.\d+)?$/u.test(given)) throw new InvalidArgumentError("Write a number of seconds: 30.");
  return Number(given);
}
