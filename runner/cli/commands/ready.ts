import type { Command } from "commander";
import { parameter } from "../drill-flags.ts";
import type { ReadyFlags } from "../ready/ready.ts";

/** `drillbook ready [runbook…] --binding FILE`: what would stop a recovery today. Changes nothing. */
export function readyCommand(program: Command): void {
  program
    .command("ready [runbook...]")
    .description(
      "look at the bound hosts, change nothing, and say what would stop a runbook today; made for every night",
    )
    .requiredOption("--binding <file>", "where the hosts are (JSON)")
    .option("--with <name=value>", "a parameter's value; each bound host of its role for a host's", parameter, {})
    .option("--json", "the findings as one JSON object")
    .addHelpText("after", "\nExit codes: 0 all is ready, 1 something is not, 2 the call makes no sense, 4 not known.")
    .action(async (names: readonly string[], flags: ReadyFlags) => {
      const { ready } = await import("../ready/ready.ts");
      process.exitCode = await ready(names, flags);
    });
}
