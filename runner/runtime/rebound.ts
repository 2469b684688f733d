import { canonical } from "../../dsl/plan/canonical.ts";
import type { Begin, Rebound } from "../journal/record.ts";
import { fingerprint } from "../transport/ssh-config.ts";
import { enrolledIn, type Enrolled } from "./enrolled.ts";
import type { Outline } from "./outline.ts";
import { machineReplaced } from "./run-errors.ts";
import type { StoppedRun } from "./run-record.ts";

/**
 * The hosts of a stopped run whose machines were replaced since, as they were enrolled. What the run did must still be
 * there: on another machine, nothing of it may have been sent. @throws RunError DB3125
 */
export function reboundOf(stopped: StoppedRun, begin: Begin, binding: string, outline: Outline): readonly Rebound[] {
  const { state, folder } = stopped;
  const enrolled = enrolledIn(binding);
  return Object.entries(begin.pins).flatMap(([host, pin]) => {
    const was = state.begin.pins[host];
    if (was === undefined || canonical(was) === canonical(pin)) return [];
    const found = chain(enrolled, host, was.hostKeys, pin.hostKeys);
    if (!found || was.role !== pin.role) return [];
    const met = state.met.get(host)?.machineId;
    const done = met === found.to.machineId ? [] : doneOn(stopped, host, outline);
    if (done.length > 0) throw machineReplaced(folder.run, host, done);
    const [from, to] = [was, pin].map(({ hostKeys }) => hostKeys.map(fingerprint).join(", ")) as [string, string];
    return [{ host, from, to, pin, by: found.by, at: found.at }];
  });
}

/** The enrollment that brought a host to the keys that it has, where an earlier one took it away from those it had. */
function chain(
  enrolled: readonly Enrolled[],
  host: string,
  was: readonly string[],
  is: readonly string[],
): Enrolled | undefined {
  const ofHost = enrolled.filter((each) => each.host === host);
  const left = ofHost.findIndex(({ from }) => canonical(from.hostKeys) === canonical(was));
  return left === -1 ? undefined : ofHost.slice(left).findLast(({ to }) => canonical(to.hostKeys) === canonical(is));
}

/** The changes that the run sent to a host, or that were done there by hand in its place. */
function doneOn({ journal, state }: StoppedRun, host: string, outline: Outline): readonly string[] {
  const sent = journal.records.flatMap((each) =>
    each.type === "intent" && each.data.host === host ? [each.step] : [],
  );
  const marked = [...state.steps].flatMap(([id, { byHand }]) => (byHand && outline.of(id)?.host === host ? [id] : []));
  const gone = ["undone", "marked not done"];
  return [...new Set([...sent, ...marked])].filter((id) => !gone.includes(state.steps.get(id)?.outcome ?? ""));
}
