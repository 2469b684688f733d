import { harmless } from "../report/style.ts";
import type { UndoPlan } from "./undo-plan.ts";

/** What a person is asked before anything is taken back. */
export interface UndoQuestion {
  /** What the undo comes to, in lines. */
  readonly text: string;
  /** What a yes says, for who cannot see the question. */
  readonly means: string;
  /** What was decided, for the record. */
  readonly what: string;
}

const noWayForward = "The run cannot be resumed after that.";

/** Puts what an undo would do in words, and what it would not. */
export function undoQuestion(run: string, plan: UndoPlan): UndoQuestion {
  const [back, stay] = [plan.toUndo, plan.left].map((each) => each.map(({ id }) => id).join(", ") || "nothing");
  return {
    text: textOf(run, plan),
    means: `takes back ${back}; stays in effect: ${stay}. ${noWayForward}`,
    what: `take back ${back}; stays in effect: ${stay}`,
  };
}

function textOf(run: string, { toUndo, left }: UndoPlan): string {
  if (toUndo.length === 0 && left.length === 0)
    return `Nothing of the run is in effect any more: this ends it, and gives its hosts back. ${noWayForward}`;
  if (toUndo.length === 0)
    return [
      "Nothing can be taken back by this: what may be in effect has no undo, and stays:",
      ...listed(left),
      `${noWayForward} What is left then is to take these back by hand, and to mark each not-done.`,
      `To go on with the run instead: --resume ${run}`,
    ].join("\n");
  return [
    "This takes back, in this order:",
    ...listed(toUndo),
    ...(left.length > 0 ? ["These have no undo and stay in effect:"] : []),
    ...listed(left),
    noWayForward,
  ].join("\n");
}

function listed(changes: UndoPlan["left"]): readonly string[] {
  return changes.map(({ id, title, host }) => `  ${harmless(id)} on ${host}: ${harmless(title)}`);
}
