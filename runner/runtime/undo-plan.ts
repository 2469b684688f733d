import { isBegun, mayBeInEffect, type RunState, type StepState } from "../journal/fold.ts";
import type { RunError } from "../run-error.ts";
import type { Stand, Visited } from "./replay.ts";
import { nothingToUndo, pastNoReturn } from "./undo-errors.ts";
import { hostName } from "./value.ts";

export type VisitedChange = Extract<Visited, { kind: "change" }>;

type Again = (...words: readonly string[]) => string;

/** What taking a run's changes back comes to. */
export interface UndoPlan {
  /** The newest first. */
  readonly toUndo: readonly VisitedChange[];
  /** Begun, and without an undo: stays in effect. */
  readonly left: readonly VisitedChange[];
  /** Sent, and not to be taken back here: none of their commands may still run. */
  readonly ended: readonly VisitedChange[];
}

/**
 * What is to be taken back: every change that may be in effect, whatever its outcome, for half of it may be.
 * @param again writes a call of the run's script, to be pasted
 * @throws RunError DB3112 where something was destroyed, DB3113 where nothing was begun
 */
export function undoPlan(run: string, state: RunState, { visited }: Stand, again: Again): UndoPlan {
  const open = visited.filter((each): each is VisitedChange => each.kind === "change" && isOpen(each)).toReversed();
  const destroyer = open.find(({ step }) => (step.destroys ?? []).length > 0);
  if (destroyer) throw noReturn(run, destroyer, again);
  // A run that was killed may hold hosts before anything of it is on record; one that has begun does, until it is over.
  if (open.length === 0 && state.end && ![...state.steps.values()].some(wasTouched)) throw nothingToUndo(run);
  const left = open.filter(({ step }) => !step.undo);
  const marked = visited.filter((each): each is VisitedChange => each.kind === "change" && isMarkedAway(each));
  return { toUndo: open.filter(({ step }) => step.undo), left, ended: [...left, ...marked] };
}

/** Whether something of it may be in effect. */
export function isOpen({ before }: Visited): boolean {
  return before !== undefined && mayBeInEffect(before);
}

function isMarkedAway({ before }: Visited): boolean {
  return before?.outcome === "marked not done";
}

/** Begun at some time, though all of it may have been taken back or marked since. */
function wasTouched(step: StepState): boolean {
  return isBegun(step) || step.outcome === "marked not done";
}

function noReturn(run: string, { id, step, before }: VisitedChange, again: Again): RunError {
  const destroyed = (step.destroys ?? []).map(({ of, asset }) => `${hostName(of)} ${asset}`).join(", ");
  const nothingDone =
    before?.outcome === "done" ? undefined : again("--mark", `${id}=not-done`, "--resume", run, "--why", "…");
  return pastNoReturn(run, `${id} ${howFar(before)}`, destroyed, {
    resume: again("--resume", run),
    ...(nothingDone !== undefined && { nothingDone, undo: again("--undo", run) }),
  });
}

function howFar(before: StepState | undefined): string {
  if (before?.outcome === "done") return "is complete";
  if (before?.outcome === "marked done") return "is marked as done by hand";
  return before?.byHand ? "was marked as done by hand" : "was sent";
}
