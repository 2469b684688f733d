import type { Command } from "commander";

/** `drillbook mark <run> <step>`: records what was done by hand in a stopped run's place. */
export function markCommand(program: Command): void {
  program
    .command("mark <run> <step>")
    .description("record that a step was done by hand, or did not happen")
    .option("--done", "it is in effect")
    .option("--not-done", "it is not in effect")
    .requiredOption("--why <text>", "what you saw or did; it goes on record with your name")
    .option("--value <text>", "what a read gives, where you looked in its place")
    .action(async (run: string, step: string, options: Given) => {
      const { markStep } = await import("../script-process.ts");
      process.exitCode = await markStep(run, step, options);
    });
}

interface Given {
  readonly done?: true;
  readonly notDone?: true;
  readonly why: string;
  readonly value?: string;
}
