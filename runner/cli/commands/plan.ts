import type { Command } from "commander";

/** `drillbook plan <runbook> [arguments of the script]`: what a run would do now. Changes nothing. */
export function planCommand(program: Command): void {
  program
    .command("plan <runbook> [arguments...]")
    .description("show what a run of the runbook would do now, changing nothing")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (runbook: string, given: string[]) => {
      const { runScriptOf } = await import("../script-process.ts");
      process.exitCode = await runScriptOf(runbook, ["--plan", ...given]);
    });
}
