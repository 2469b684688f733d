import type { DrillResult } from "../result.ts";
import { exitCode } from "../../exit-codes.ts";

/** What a command answers that ran drills: what failed weighs more than what was void. */
export function answerOf(results: readonly DrillResult[], signal: AbortSignal): number {
  if (signal.aborted) return exitCode.interrupted;
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  if (verdicts.has("failed")) return exitCode.failed;
  return verdicts.has("void") ? exitCode.unknown : exitCode.success;
}
