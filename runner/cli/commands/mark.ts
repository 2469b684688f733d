import type { Command } from "commander";
import { ofPlace } from "../script-command.ts";
import type { Said } from "../script-process.ts";

/** `drillbook mark <run> <step>`: records what was done by hand in a stopped run's place. */
export function markCommand(program: Command): void {
  ofPlace(program.command("mark <run> <step>"))
    .description("record that a step was done by hand, or did not happen")
    .option("--done", "it is in effect")
    .option("--not-done", "it is not in effect")
    .requiredOption("--why <text>", "what you saw or did; it goes on record with your name")
    .option("--value <text>", "what a read gives, where you looked in its place")
    .option("--from <host>", "take the run over first, by the record that this host has")
    .option("--binding <file>", "where the hosts are (JSON), where the run's own binding is not there")
    .action(async (run: string, step: string, options: Said) => {
      const { markStep } = await import("../script-process.ts");
      process.exitCode = await markStep(run, step, options);
    });
}
