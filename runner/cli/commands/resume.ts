import type { Command } from "commander";
import { passedOn } from "../script-command.ts";

/** `drillbook resume [run]`: goes on with a run that stopped, with the script and runtime that it began with. */
export function resumeCommand(program: Command): void {
  passedOn(program.command("resume [run] [arguments...]"))
    .description("go on with a run that stopped, the newest one where none is named")
    .addHelpText(
      "after",
      `
The script and the runtime are those that the run began with, kept in its folder; so are its
parameters and its binding. What is complete is not run again.

  drillbook journal list         every run, and how it ended
  drillbook resume               goes on with the newest that is not complete
  drillbook resume RUN --adopt   goes on with the runbook as it is mended now; shows what differs, and asks
  drillbook resume RUN --help    the options of its script, which may follow`,
    )
    .action(async (run: string | undefined, given: string[]) => {
      const { returnToRun } = await import("../script-process.ts");
      process.exitCode = await returnToRun("--resume", run, given);
    });
}
