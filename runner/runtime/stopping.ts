import { exitCode } from "../exit-codes.ts";
import type { Verdict } from "../journal/record.ts";
import { RunError, type ExitCode } from "../run-error.ts";
import { TransportError } from "../transport/transport.ts";
import { Abandoned } from "./interrupt.ts";
import { hostNotReached, interrupted, scriptBroken } from "./run-errors.ts";

/** What stopped a run, as the operator is told it. */
export function stoppedBy(error: unknown): RunError {
  if (error instanceof RunError) return error;
  if (error instanceof TransportError) return hostNotReached(error);
  if (error instanceof Abandoned) return interrupted();
  return scriptBroken(error);
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
