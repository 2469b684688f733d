import type { Command } from "commander";
import { ofARunbook } from "../script-command.ts";

/** `drillbook run <runbook> [arguments of the script]`: compiles it to a kit and runs the script that is in it. */
export function runCommand(program: Command): void {
  ofARunbook(program, "run", []).description("compile the runbook and run its script, as it would run by itself");
}
