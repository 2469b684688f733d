import { exitCode } from "../../exit-codes.ts";
import { tellCommand } from "../../runtime/told-command.ts";
import type { Watched } from "./copies.ts";

/** How much of a message is passed on: an environment has little room. */
const longest = 4096;

/** Lets a command of the user's choice tell what is wrong. Resolves with whether it says that somebody was told. */
export function raiseAlarm(command: string, message: string, found: Watched | Record<string, never>): Promise<boolean> {
  return tell(command, "alarm", message, found);
}

/**
 * Lets the alarm's command tell of nothing but a rehearsal: that it reaches somebody must be seen before it has to. Resolves
 * with the exit code.
 */
export async function rehearseAlarm(command: string): Promise<number> {
  const told = await tell(command, "rehearsal", "A rehearsal of the alarm: nothing is wrong.", {});
  return told ? exitCode.success : exitCode.failed;
}

async function tell(command: string, event: string, message: string, object: object): Promise<boolean> {
  const wrong = await tellCommand(
    command,
    { DRILLBOOK_EVENT: event, DRILLBOOK_MESSAGE: message.slice(0, longest) },
    { v: 1, event, message, ...object },
  );
  if (wrong !== undefined) process.stderr.write(`The alarm's command ${wrong}. Nobody was told.\n`);
  return wrong === undefined;
}
