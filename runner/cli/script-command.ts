import type { Command } from "commander";
import { optionBeforeRunbook } from "./errors.ts";

/** A command whose arguments, from the name on, are the script's: what stands before it is the command's own. */
export function passedOn(command: Command): Command {
  return command.allowUnknownOption().passThroughOptions();
}

/** A command that reads what runs have recorded. */
export function ofPlace(command: Command): Command {
  return command.option("--state <dir>", "where runs are recorded (DRILLBOOK_STATE, or ~/.local/state/drillbook)");
}

/** Registers a command that runs the script of a runbook with some arguments before those that are given. */
export function ofARunbook(program: Command, name: "plan" | "run", before: readonly string[]): Command {
  return passedOn(program.command(`${name} <runbook> [arguments...]`))
    .addHelpText(
      "after",
      `
What follows the name goes to the runbook's script:

  drillbook list
  drillbook ${name} RUNBOOK --help                     its parameters and options
  drillbook ${name} RUNBOOK --binding hosts.json …`,
    )
    .action(async (runbook: string, given: string[]) => {
      if (runbook.startsWith("-")) throw optionBeforeRunbook(name, runbook);
      const { runScriptOf } = await import("./script-process.ts");
      process.exitCode = await runScriptOf(runbook, [...before, ...given]);
    });
}
