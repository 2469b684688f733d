import type { Command } from "commander";

/** `drillbook journal list|show|verify`: what is on record. */
export function journalCommand(program: Command): void {
  const journal = program.command("journal").description("the records of past runs");
  journal
    .command("list")
    .description("every run, newest first, with how it ended")
    .option("--json", "one JSON object a line")
    .action(async (options: { json?: true }) => {
      const { listRuns } = await import("../journals.ts");
      listRuns(options);
    });
  journal
    .command("show [run]")
    .description("what happened in a run, the newest one where none is named")
    .option("--json", "the records as they are")
    .action(async (run: string | undefined, options: { json?: true }) => {
      const { showRun } = await import("../journals.ts");
      showRun(run, options);
    });
  journal
    .command("verify [run]")
    .description("check that a run's journal and outputs are as they were written")
    .action(async (run: string | undefined) => {
      const { verifyRun } = await import("../journals.ts");
      verifyRun(run);
    });
}
