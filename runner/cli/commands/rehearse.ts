import type { Command } from "commander";
import type { RehearseFlags } from "../../drill/command/flags.ts";
import { drillOptions } from "../drill-flags.ts";

/** `drillbook rehearse [drill…]`: drills for a person who watches. Exit codes: those of `drillbook drill`. */
export function rehearseCommand(program: Command): void {
  drillOptions(program.command("rehearse [drill...]"))
    .description("rehearse a disaster and its recovery, and say what was measured; every drill where none is named")
    .option("--json", "the events as JSON, one a line")
    .option("--sweep", "remove the machines that kept or killed drills have left, and do nothing else")
    .action(async (names: readonly string[], flags: RehearseFlags) => {
      const { rehearse } = await import("../../drill/command/rehearse.ts");
      process.exitCode = await rehearse(names, flags);
    });
}
