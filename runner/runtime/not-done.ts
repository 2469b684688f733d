import type { RunState } from "../journal/fold.ts";
import { areBeside, type Visited } from "./replay.ts";
import { isOpen } from "./undo-plan.ts";

/** What keeps a step from being marked not done. */
export interface Hindrance {
  readonly why: string;
  /** The step that can be marked in its place. */
  readonly instead?: string;
}

/**
 * What keeps a step from being marked not done now, or none. It must be the newest change that may be in effect: the one
 * at hand, one that was only marked done, which nothing of the run has been built on yet, or while a run is undone the
 * one that is next to go.
 */
export function notDoneHindered(
  { undoing }: Pick<RunState, "undoing">,
  visited: readonly Visited[],
  step: string,
): Hindrance | undefined {
  const open = visited.filter((each) => each.kind === "change" && isOpen(each));
  const meant = open.find(({ id }) => id === step);
  const newest = open.findLast((each) => !meant || !areBeside(each, meant));
  if (!newest || newest.id !== step)
    return { why: "it is not the newest change in effect", ...(newest && { instead: newest.id }) };
  const complete = newest.before?.outcome === "done";
  return complete && !undoing ? { why: "it is complete, and the run is not being undone" } : undefined;
}
