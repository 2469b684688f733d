import type { Command } from "commander";

/** `drillbook run <runbook> [arguments of the script]`: compiles it to a kit and runs the script that is in it. */
export function runCommand(program: Command): void {
  program
    .command("run <runbook> [arguments...]")
    .description("compile the runbook and run its script, as it would run without this command")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (runbook: string, given: string[]) => {
      const { runScriptOf } = await import("../script-process.ts");
      process.exitCode = await runScriptOf(runbook, given);
    });
}
