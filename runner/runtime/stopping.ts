import { exitCode } from "../exit-codes.ts";
import { JournalNotWritten } from "../journal/errors.ts";
import type { RunState } from "../journal/fold.ts";
import type { Verdict } from "../journal/record.ts";
import type { Sink } from "../report/sink.ts";
import { RunError, type ExitCode } from "../run-error.ts";
import { TransportError } from "../transport/transport.ts";
import { Abandoned } from "./interrupt.ts";
import { hostNotReached, interrupted, outcomeNotWritten, scriptBroken } from "./run-errors.ts";

/** What stopped a run, as the operator is told it. */
export function stoppedBy(error: unknown): RunError {
  if (error instanceof RunError) return error;
  if (error instanceof TransportError) return hostNotReached(error);
  if (error instanceof Abandoned) return interrupted();
  return scriptBroken(error);
}

/**
 * What stopped a run that has such records. Where a full disk kept an outcome from being written down, nobody knows it:
 * that is what the operator must hear.
 */
export function stoppedRunBy(caught: unknown, { steps }: RunState): RunError {
  const error = stoppedBy(caught);
  const open = [...steps].find(([, { outcome, undo }]) => outcome === "intended" || undo?.outcome === "intended");
  return error instanceof JournalNotWritten && open ? outcomeNotWritten(open[0], firstLine(error)) : error;
}

/**
 * Tells what went wrong when a stop was to be written down, unless it is what stopped the run. The first cause is what the
 * operator must know; that its end is not on record only makes it a run to resume.
 */
export function tellSecond({ notice }: Sink, first: RunError, second: unknown): void {
  const told = second instanceof JournalNotWritten && first.message.includes(second.code);
  if (!told) notice(stoppedBy(second).message);
}

function firstLine({ message }: RunError): string {
  return message.split("\n")[0] ?? "";
}

/** How a run ended, by what it answers with. */
export const verdicts: Readonly<Record<ExitCode, Verdict>> = {
  [exitCode.success]: "completed",
  [exitCode.failed]: "failed",
  [exitCode.usage]: "refused",
  [exitCode.refused]: "refused",
  [exitCode.unknown]: "unknown",
  [exitCode.locked]: "refused",
  [exitCode.interrupted]: "interrupted",
};
