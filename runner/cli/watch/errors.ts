import { exitCode } from "../../exit-codes.ts";
import { RunError } from "../../run-error.ts";

export const nothingToWatch = (): RunError =>
  new RunError(
    "DB3908",
    exitCode.usage,
    "No schedule of this project calls a check that tells of copies.",
    "Let a schedule call one: a runbook with a read that is marked `copies: true`.",
  );

export const noAlarmCommand = (): RunError =>
  new RunError(
    "DB3909",
    exitCode.usage,
    "There is no alarm to rehearse.",
    "Give the command too: --alarm 'mail -s \"$DRILLBOOK_MESSAGE\" ops@example.org'.",
  );

export const noBinding = (): RunError =>
  new RunError("DB3910", exitCode.usage, "It is not said where the hosts are.", "Give --binding FILE.");

export const checksRefused = (): RunError =>
  new RunError(
    "DB3912",
    exitCode.failed,
    "Nothing was watched: a check does not compile.",
    "Mend what is said above of it.",
  );
