import type { Stand, Visited } from "./replay.ts";
import { nothingToUndo, pastNoReturn } from "./undo-errors.ts";
import { hostName } from "./value.ts";

export type VisitedChange = Extract<Visited, { kind: "change" }>;

/** What taking a run's changes back comes to. */
export interface UndoPlan {
  /** The newest first. */
  readonly toUndo: readonly VisitedChange[];
  /** Begun, and without an undo: stays in effect. */
  readonly left: readonly VisitedChange[];
}

/**
 * What is to be taken back: every change that was begun, whatever its outcome, for half of it may be in effect.
 * @throws RunError DB3112 where something was destroyed, DB3113 where nothing was begun
 */
export function undoPlan(run: string, { visited }: Stand): UndoPlan {
  const begun = visited.filter((each): each is VisitedChange => each.kind === "change" && wasBegun(each)).toReversed();
  const destroyer = begun.find(({ step }) => (step.destroys ?? []).length > 0);
  if (destroyer) {
    const assets = (destroyer.step.destroys ?? []).map(({ of, asset }) => `${hostName(of)} ${asset}`);
    throw pastNoReturn(run, destroyer.id, assets.join(", "));
  }
  if (begun.length === 0) throw nothingToUndo(run);
  const open = begun.filter(({ before }) => before?.outcome !== "undone");
  return { toUndo: open.filter(({ step }) => step.undo), left: open.filter(({ step }) => !step.undo) };
}

/** Sent, or done by hand in the run's place; unless a person found that nothing of it is in effect. */
export function wasBegun({ before }: Visited): boolean {
  if (!before || before.outcome === "marked not done") return false;
  return before.tokens.length > 0 || before.outcome === "marked done" || before.outcome === "done";
}
