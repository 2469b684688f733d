import { readFileSync } from "node:fs";
import type { RunState } from "../journal/fold.ts";
import type { Begin, Operator } from "../journal/record.ts";
import { canonical } from "../../dsl/plan/canonical.ts";
import { otherRun, stillRunning } from "./run-errors.ts";

/** Holds a call to the run that it wants to resume. @throws RunError DB3312 naming every difference */
export function checkSame(run: string, was: Begin, is: Begin): void {
  const differences = [
    ...differing("script", was.script, is.script),
    ...differing("runtime", was.runtime, is.runtime),
    ...differing("plan", was.plan, is.plan),
    ...members("parameter", was.params, is.params),
    ...members("role or host keys of", was.pins, is.pins),
  ];
  if (differences.length > 0) throw otherRun(run, differences);
}

/** Refuses to resume what still goes on on this machine, by a record in another place. @throws RunError DB3315 */
export function checkStopped(run: string, state: RunState, self: Operator): void {
  const { host, pid } = state.operator;
  if (!state.end && host === self.host && pid !== self.pid && runs(pid, state.begin.runbook))
    throw stillRunning(run, pid);
}

function differing(what: string, was: string, is: string): readonly string[] {
  return was === is ? [] : [`${what}: begun with ${short(was)}, now ${short(is)}`];
}

function members(
  what: string,
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].sort().flatMap((name) => {
    const [before, now] = [was[name], is[name]].map((each) => (each === undefined ? "nothing" : canonical(each)));
    return differing(`${what} ${name}`, before ?? "", now ?? "");
  });
}

function short(text: string): string {
  return /^[0-9a-f]{64}$/u.test(text) ? text.slice(0, 12) : text;
}

/** Whether that process is there and is a run of the runbook; its number may be another's by now. */
function runs(pid: number, runbook: string): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${runbook}.mjs`);
  } catch (error) {
    // Where there is no /proc, that the process is there must do.
    return error instanceof Error && "syscall" in error && error.syscall === "open" && process.platform !== "linux";
  }
}
