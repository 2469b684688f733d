import type { Command } from "commander";
import type { DrillCommandFlags } from "../../drill/command/flags.ts";
import { drillOptions } from "../drill-flags.ts";

/** `drillbook drill [name…]`: drills for CI, as tests of vitest. */
export function drillCommand(program: Command): void {
  drillOptions(program.command("drill [name...]"))
    .description("run drills as tests, one after the other; every drill where none is named")
    .option("--json", "one JSON object a line, one line a drill; what happens meanwhile goes to stderr")
    .option("--shard <i/n>", "one of n equal parts of the drills")
    .option("--junit <file>", "write a JUnit report")
    .option("--affected", "only the drills whose last evidence no longer holds, with the reason for each one skipped")
    .action(async (names: readonly string[], flags: DrillCommandFlags) => {
      const { drill } = await import("../../drill/command/drill.ts");
      process.exitCode = await drill(names, flags);
    });
}
