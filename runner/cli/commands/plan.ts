import type { Command } from "commander";
import { ofARunbook } from "../script-command.ts";

/** `drillbook plan <runbook> [arguments of the script]`: what a run would do now. Changes nothing. */
export function planCommand(program: Command): void {
  ofARunbook(program, "plan", ["--plan"]).description("show what a run of the runbook would do now, changing nothing");
}
