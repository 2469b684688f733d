import type { Command } from "commander";

/** `drillbook doctor`: what is there, what is missing, and the remedy. Exit code 3 where something must be mended. */
export function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("say what this machine has, what it lacks for drills, and the remedy")
    .option("--json", "the findings as JSON")
    .action(async (options: { json?: true }) => {
      const { examine } = await import("../examine.ts");
      process.exitCode = await examine(options);
    });
}
