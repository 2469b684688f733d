import type { Command } from "commander";
import type { ScheduleFlags } from "../schedule/schedule.ts";

/** `drillbook schedule <name> --binding FILE`: systemd units that make a schedule's calls every day. */
export function scheduleCommand(program: Command): void {
  program
    .command("schedule <name>")
    .description("write the systemd units that make the calls of a schedule every day, and say how to install them")
    .requiredOption("--binding <file>", "where the hosts are (JSON)")
    .option("--notify <command>", "is told of the beginning, of failures and of the end, as a script's --notify is")
    .option("--units <folder>", "where the units are written", ".drillbook/units")
    .action(async (name: string, flags: ScheduleFlags) => {
      const { writeSchedule } = await import("../schedule/schedule.ts");
      process.exitCode = await writeSchedule(name, flags);
    });
}
