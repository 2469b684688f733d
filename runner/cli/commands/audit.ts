import type { Command } from "commander";

/** `drillbook audit`: which asset violates which part of the rule of 3-2-1-1-0. Asks no machine. */
export function auditCommand(program: Command): void {
  program
    .command("audit")
    .description(
      "hold every asset of the inventory to 3-2-1-1-0 and to its objectives, by what is declared; no machine is asked",
    )
    .option("--json", "as one JSON object")
    .addHelpText(
      "after",
      `
Three copies, the original counted, on two kinds of media, one at another site, one offline, none unproven: and no backup
further apart than what may be lost; what is off-site has all that a recovery of the whole site needs, the kit too; the keys
to what is sealed are kept apart from it.

Exit codes: 0 no violation, 1 there is one, 2 the call makes no sense.`,
    )
    .action(async (flags: { json?: true }) => {
      const { audit } = await import("../audit/audit.ts");
      process.exitCode = await audit(flags);
    });
}
