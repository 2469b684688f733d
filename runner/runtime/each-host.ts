import { exitCode } from "../exit-codes.ts";
import type { ExitCode, RunError } from "../run-error.ts";
import { atOnce } from "./at-once.ts";
import { hostsStopped } from "./hosts-errors.ts";
import { interrupted } from "./run-errors.ts";
import type { OnEach } from "./script-api.ts";
import { stoppedBy } from "./stopping.ts";
import { held, textOf } from "./value.ts";

/** The names of the hosts of an on-each step. */
export function hostsOfEach({ hosts }: OnEach): readonly string[] {
  return isList(hosts) ? hosts : held(hosts).items.map(textOf);
}

/**
 * Works on each host, several at the same time. When one fails the others go on to their end; then all that stopped is
 * told in one error. @throws RunError DB3350, or the only host's own
 */
export async function eachHost(step: OnEach, work: (host: string) => Promise<void>): Promise<void> {
  const hosts = hostsOfEach(step);
  const { stopAfter = Infinity } = step;
  const results = await atOnce(step.atOnce, hosts, work, (failures) => failures >= stopAfter);
  const stopped = hosts.flatMap((host, index) => {
    const result = results[index];
    return result?.status === "rejected" ? [{ host, error: stoppedBy(result.reason) }] : [];
  });
  if (stopped.length === 0) return;
  const told = stopped.filter(({ error }) => error.exitCode !== exitCode.interrupted);
  const [first] = told;
  if (!first) throw interrupted();
  // What stopped all of them alike (a lock, a full disk here) is said once.
  if (told.every(({ error }) => error.message === first.error.message)) throw first.error;
  throw hostsStopped({
    title: step.title,
    answer: gravest(told.map(({ error }) => error)),
    stopped: told,
    notBegun: results.filter((result) => result === undefined).length,
    complete: results.filter((result) => result?.status === "fulfilled").length,
    of: hosts.length,
  });
}

/** What is not known weighs most, then what failed; whatever else was refused before harm. */
function gravest(errors: readonly RunError[]): ExitCode {
  const answers = errors.map((error) => error.exitCode);
  for (const answer of [exitCode.unknown, exitCode.failed, exitCode.locked])
    if (answers.includes(answer)) return answer;
  return exitCode.refused;
}

/** Array.isArray does not narrow a read-only list. */
function isList(value: OnEach["hosts"]): value is readonly string[] {
  return Array.isArray(value);
}
