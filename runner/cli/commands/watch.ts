import type { Command } from "commander";
import type { WatchFlags } from "../watch/watch.ts";

interface Flags extends Partial<WatchFlags> {
  readonly rehearseAlarm?: true;
}

/** `drillbook watch [schedule…] --binding FILE`: whether the holders have fresh, whole copies. Changes nothing. */
export function watchCommand(program: Command): void {
  program
    .command("watch [schedule...]")
    .description(
      "ask the holders what copies they keep, by the checks of the schedules, and raise an alarm where one is not sound",
    )
    .option("--binding <file>", "where the hosts are (JSON)")
    .option("--json", "print the copies as one JSON object")
    .option(
      "--prometheus <file>",
      "write them there as Prometheus' text, whole or not at all; - for stdout, in place of the rest",
    )
    .option("--alarm <command>", "run where a copy is not sound or a check gave no answer")
    .option("--rehearse-alarm", "run the alarm's command, ask nothing: see that it reaches somebody")
    .addHelpText(
      "after",
      `
The alarm's command has DRILLBOOK_EVENT (alarm, rehearsal) and DRILLBOOK_MESSAGE in its environment, and all that was found
as JSON on its stdin. Who watches drillbook_watch_seconds in the Prometheus text notices, too, when this is not run any more.

Exit codes: 0 every copy is sound, 1 one is not, or nobody could be told; 2 the call makes no sense; 4 a check gave no answer.`,
    )
    .action(async (names: readonly string[], { rehearseAlarm, ...flags }: Flags) => {
      const { noAlarmCommand, noBinding } = await import("../watch/errors.ts");
      if (rehearseAlarm) {
        if (flags.alarm === undefined) throw noAlarmCommand();
        const { rehearseAlarm: rehearse } = await import("../watch/alarm.ts");
        process.exitCode = await rehearse(flags.alarm);
      } else {
        if (flags.binding === undefined) throw noBinding();
        const { watch } = await import("../watch/watch.ts");
        process.exitCode = await watch(names, { ...flags, binding: flags.binding });
      }
    });
}
