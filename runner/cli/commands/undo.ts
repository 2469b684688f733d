import type { Command } from "commander";
import { passedOn } from "../script-command.ts";

/** `drillbook undo [run]`: takes back what a stopped run changed, with the script and runtime that it began with. */
export function undoCommand(program: Command): void {
  passedOn(program.command("undo [run] [arguments...]"))
    .description(
      "take back what a stopped run changed, the newest that changed something where none is named; asks first",
    )
    .action(async (run: string | undefined, given: string[]) => {
      const { returnToRun } = await import("../script-process.ts");
      process.exitCode = await returnToRun("--undo", run, given);
    });
}
