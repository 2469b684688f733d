import { CommanderError } from "commander";
import { exitCode } from "../exit-codes.ts";

/**
 * Prints what went wrong and the way out, and gives the exit code. The one place where an error of the CLI ends: an
 * error says its own code in `exitCode`, or is a failure. The stack is shown with DRILLBOOK_DEBUG set.
 */
export function report(error: unknown): number {
  // Commander has printed its own message, and the help after it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.success : exitCode.usage;
  const debug = Boolean(process.env["DRILLBOOK_DEBUG"]);
  const text = error instanceof Error ? (debug && error.stack) || error.message : String(error);
  process.stderr.write(`${text}\n`);
  const answer = error instanceof Error && "exitCode" in error ? error.exitCode : undefined;
  return typeof answer === "number" ? answer : exitCode.failed;
}
