import { isBegun, type RunState, type StepState } from "../journal/fold.ts";
import { stepOf } from "../journal/step-id.ts";
import type { Stand } from "./replay.ts";
import { byId, changedParts } from "./script-difference.ts";
import type { Part, ScriptStep, ScriptSteps } from "./script-steps.ts";

/**
 * Whether the record of a run is still true of a mended script, or in words what is not. The finished steps must be the
 * script's beginning, and be what they were: where they ran, what they ran, what held after it. Of a step whose outcome
 * is not known, what was sent must be what the script sends. What has failed may be mended, but stays on its host.
 */
export function untrueOf(state: RunState, was: ScriptSteps, is: ScriptSteps, stand: Stand): readonly string[] {
  const [before, now] = [byId(was), byId(is)];
  const reached = new Set(stand.visited.map(({ id }) => id));
  const wrong = [...state.steps].flatMap(([id, step]): readonly string[] => {
    const old = before.get(stepOf(id));
    const kept = old && keptOf(old, step);
    if (!kept) return [];
    const one = now.get(stepOf(id));
    if (!one) return [`${id} ${kept.is}, and is not in it any more`];
    const changed = changedParts(old, one).filter((part) => part === "kind" || kept.parts.includes(part));
    if (changed.length > 0) return [`${id} ${kept.is}, and its ${changed.join(", its ")} changed`];
    if (kept.comes && !reached.has(id))
      return [`${id} ${kept.is}, and ${stand.atHand[0]?.id ?? "nothing"} comes before it`];
    return [];
  });
  return wrong.length > 0
    ? wrong
    : reordered(
        [...state.steps.keys()].filter((id) => reached.has(id)),
        before,
        now,
      );
}

interface Kept {
  /** What it is on record. */
  readonly is: string;
  /** What of it must stay as it was. */
  readonly parts: readonly Part[];
  /** Whether the script must come to it before anything that is not finished. */
  readonly comes: boolean;
}

const sent: readonly Part[] = ["place", "host", "destroys", "user", "effect", "command", "stdin"];

function keptOf({ kind }: ScriptStep, step: StepState): Kept | undefined {
  if (kind === "confirm")
    return step.confirmed ? { is: "was confirmed", parts: ["place", "title", "evidence"], comes: true } : undefined;
  if (kind === "read")
    return step.value === undefined
      ? undefined
      : { is: "was read", parts: ["place", "host", "user", "command", "type"], comes: true };
  switch (step.outcome) {
    case "done":
    case "marked done":
      return { is: "is done", parts: [...sent, "postcondition"], comes: true };
    case "intended":
    case "unknown":
      return step.tokens.length > 0 ? { is: "may be in effect", parts: sent, comes: true } : begunOf(step);
    case "failed":
      return begunOf(step);
    default:
      return undefined;
  }
}

/** What was sent has failed, or a person did it: only where it was begun, or done by hand, must stay. */
function begunOf(step: StepState): Kept | undefined {
  return isBegun(step) ? { is: "was begun", parts: ["place", "host", "destroys"], comes: false } : undefined;
}

/** What is finished was done in an order, and the script has another one. */
function reordered(
  done: readonly string[],
  before: ReadonlyMap<string, ScriptStep>,
  now: ReadonlyMap<string, ScriptStep>,
): readonly string[] {
  const steps = new Set(done.map(stepOf));
  const [was, is] = [before, now].map((all) => [...all.keys()].filter((id) => steps.has(id)));
  const other = is?.find((id, index) => id !== was?.[index]);
  return other === undefined ? [] : [`${other} stood elsewhere among the finished steps`];
}
