import type { Command } from "commander";
import type { Place } from "../journals.ts";
import { ofPlace } from "../script-command.ts";

/** `drillbook journal list|show|head|verify`: what is on record. */
export function journalCommand(program: Command): void {
  const journal = program.command("journal").description("the records of past runs");
  ofPlace(journal.command("list"))
    .description("every run, newest first, with how it ended")
    .option("--json", "one JSON object a line")
    .action(async (options: Place & { json?: true }) => {
      const { listRuns } = await import("../journals.ts");
      listRuns(options);
    });
  ofPlace(journal.command("show [run]"))
    .description("what happened in a run, the newest one where none is named")
    .option("--json", "the records as they are")
    .option("--html <file>", "a page with a picture, to be put into a report; - is stdout")
    .action(async (run: string | undefined, options: Place & { json?: true; html?: string }) => {
      const { showRun } = await import("../journals.ts");
      await showRun(run, options);
    });
  ofPlace(journal.command("head [run]"))
    .description("the digest of a run's last record: kept elsewhere, it shows that nothing was cut off since")
    .action(async (run: string | undefined, options: Place) => {
      const { showHead } = await import("../journals.ts");
      showHead(run, options);
    });
  ofPlace(journal.command("verify [run]"))
    .description("check that a run's journal and outputs are as they were written")
    .option("--head <digest>", "a head that was kept: it must be that of one of the records")
    .action(async (run: string | undefined, options: Place & { head?: string }) => {
      const { verifyRun } = await import("../journals.ts");
      verifyRun(run, options);
    });
}
