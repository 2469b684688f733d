import type { Command } from "commander";

/** `drillbook coverage`: which disasters of which assets have been recovered from, by the evidence. */
export function coverageCommand(program: Command): void {
  program
    .command("coverage")
    .description("say which disasters of which assets were recovered from in a drill, and which were not")
    .option("--json", "as one JSON object")
    .action(async (flags: { json?: true }) => {
      const { coverage } = await import("../../drill/command/coverage.ts");
      await coverage(flags);
    });
}
