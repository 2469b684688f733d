import { exitCode } from "../exit-codes.ts";
import { RunError, type ExitCode } from "../run-error.ts";

export const journalDamaged = (path: string, line: number, what: string): RunError =>
  new RunError(
    "DB3101",
    exitCode.refused,
    `The journal is damaged at line ${line}: ${what}. (${path})`,
    "A record that cannot be trusted is not acted on. Restore the file from a copy or a mirror. A new run makes every change once more; its --plan shows what is in effect already.",
  );

/** What happened could not be written down. */
export class JournalNotWritten extends RunError {
  /** What the system says. */
  readonly why: string;

  constructor(why: string, code: string, answer: ExitCode, message: string, remedy: string) {
    super(code, answer, message, remedy);
    this.why = why;
  }
}

/** @param path what cannot be written, or the place where a run was to begin */
export const journalNotWritten = (path: string, why: string): JournalNotWritten =>
  new JournalNotWritten(
    why,
    "DB3102",
    exitCode.refused,
    `The journal cannot be written: ${why}. (${path})`,
    "Nothing was sent that is not on record. Make room there; then resume, or begin anew where no run had begun. A new run may have another place, by --state.",
  );

export const runNotFound = (run: string, root: string, nearest: string | undefined): RunError =>
  new RunError(
    "DB3103",
    exitCode.usage,
    `There is no run "${run}" in ${root}.${nearest ? ` The nearest name is "${nearest}".` : ""}`,
    "`drillbook journal list` shows every run; --state DIR or DRILLBOOK_STATE names another place.",
  );

export const noRuns = (root: string): RunError =>
  new RunError(
    "DB3104",
    exitCode.usage,
    `There are no runs in ${root}.`,
    "--state DIR or DRILLBOOK_STATE names another place.",
  );

export const stateUnread = (root: string, why: string): RunError =>
  new RunError(
    "DB3107",
    exitCode.usage,
    `The runs in ${root} cannot be looked through: ${why}.`,
    "--state DIR or DRILLBOOK_STATE names the folder that runs are recorded in; this account must be able to read it.",
  );

export const outputDamaged = (path: string): RunError =>
  new RunError(
    "DB3105",
    exitCode.refused,
    `A kept output is not what was recorded: ${path}.`,
    "The journal itself is whole; the tail of the output stands in it.",
  );

interface RunHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

export const runHeld = (run: string, { user, host, pid, since }: RunHolder, alive: boolean, path: string): RunError =>
  new RunError(
    "DB3106",
    exitCode.locked,
    `The run ${run} is in the hands of process ${pid} of ${user}@${host}, since ${since}` +
      (alive ? "." : "; whether it goes on there cannot be seen from here."),
    alive
      ? "Interrupt that process or let it end, then resume."
      : `Look there. When that process is gone, remove ${path} and resume.`,
  );

export const headUnreadable = (given: string): RunError =>
  new RunError(
    "DB3110",
    exitCode.usage,
    `${JSON.stringify(given)} is no head: it has 64 hexadecimal digits.`,
    "`drillbook journal head` prints one, and the last screen of a run does.",
  );

export const headNotFound = (path: string, head: string, records: number): RunError =>
  new RunError(
    "DB3111",
    exitCode.refused,
    `None of the ${records} records has the head ${head}: the journal was cut or written anew, or is another run's. (${path})`,
    "What follows from records that are missing is not known here. Look for a copy (a mirror host has one); the hosts keep the outcome of each change.",
  );
