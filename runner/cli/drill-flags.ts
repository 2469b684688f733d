import { InvalidArgumentError, type Command } from "commander";

/** Gives a command the options that every one has that runs drills. */
export function drillOptions(command: Command): Command {
  return command
    .option("--without <step>", "take a step out of a runbook, by title or id: the drill must then fail")
    .option("--without-backup", "leave the backups out of the steady state: the drill must then fail")
    .option("--without-disaster", "replace the disaster by nothing: the drill must then be void")
    .option("--with <name=value>", "give the recovery another parameter; repeatable", parameter, {})
    .option("--keep", "leave the machines of a drill that does not pass, with a shell to each")
    .option("--patience <seconds>", "how long to wait for a probe to turn, or a write to be acknowledged", seconds)
    .addHelpText(
      "after",
      "\nExit codes: 0 passed, 1 failed, 2 the call makes no sense, 4 void (nothing was shown), 130 interrupted.",
    );
}

/** Reads `name=value`, with those before it. */
export function parameter(given: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([a-z][a-z0-9-]*)=(.*)$/su.exec(given) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Write a parameter and its value: before=2026-03-28T19:44:00Z.");
  return { ...before, [name]: value };
}

function seconds(given: string): number {
  if (!/^\d+(?:\.\d+)?$/u.test(given)) throw new InvalidArgumentError("Write a number of seconds: 30.");
  return Number(given);
}
