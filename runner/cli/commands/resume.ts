import type { Command } from "commander";

/** `drillbook resume [run]`: goes on with a run that stopped, with the script and runtime that it began with. */
export function resumeCommand(program: Command): void {
  program
    .command("resume [run] [arguments...]")
    .description("go on with a run that stopped, the newest one where none is named")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (run: string | undefined, given: string[]) => {
      const { returnToRun } = await import("../script-process.ts");
      process.exitCode = await returnToRun("--resume", run, given);
    });
}
