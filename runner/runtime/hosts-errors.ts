import { exitCode } from "../exit-codes.ts";
import { RunError, type ExitCode } from "../run-error.ts";

/** What can stop a run on some of many hosts. */

export interface HostStopped {
  readonly host: string;
  readonly error: Error;
}

export interface HostsStopped {
  /** Of the on-each step. */
  readonly title: string;
  readonly answer: ExitCode;
  readonly stopped: readonly HostStopped[];
  readonly complete: number;
  readonly notBegun: number;
  readonly of: number;
}

export const hostsStopped = ({ title, answer, stopped, complete, notBegun, of }: HostsStopped): RunError =>
  new RunError(
    "DB3350",
    answer,
    `${title} stopped on ${stopped.length} of ${of} hosts; ${complete} are complete${notBegun > 0 ? `, ${notBegun} not begun` : ""}.${list(stopped)}`,
    "Mend what is said of each, then resume: hosts that are complete are not worked on again.",
  );

export const hostsNotReached = (stopped: readonly HostStopped[], of: number): RunError =>
  new RunError(
    "DB3351",
    exitCode.refused,
    `${stopped.length} of ${of} hosts cannot be worked on.${list(stopped)}`,
    "Nothing was sent to any host. Mend the cause or the binding, or leave these hosts out.",
  );

const shown = 20;

/** One line a host, so many of them. */
function list(stopped: readonly HostStopped[]): string {
  const lines = stopped.slice(0, shown).map(({ host, error }) => `\n  ${host}: ${error.message.split("\n")[0]}`);
  const rest = stopped.length - lines.length;
  return [...lines, ...(rest > 0 ? [`\n  and ${rest} more; the records name each`] : [])].join("");
}
