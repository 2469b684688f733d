import type { Command } from "commander";

/** `drillbook undo [run]`: takes back what a stopped run changed, with the script and runtime that it began with. */
export function undoCommand(program: Command): void {
  program
    .command("undo [run] [arguments...]")
    .description("take back what a stopped run changed, the newest one where none is named; asks first")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (run: string | undefined, given: string[]) => {
      const { returnToRun } = await import("../script-process.ts");
      process.exitCode = await returnToRun("--undo", run, given);
    });
}
