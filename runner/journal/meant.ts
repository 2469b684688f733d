import { exitCode } from "../exit-codes.ts";
import { isBegun, mayBeInEffect, type RunState } from "./fold.ts";
import type { RecordedRun } from "./stopped.ts";

/** What is wanted of a run that was begun. */
export type Back = "--resume" | "--undo";

/**
 * Of the runs that are not over, those that a call without a name can mean: to be resumed, all but those that only met a
 * lock; to be taken back, those that have something in effect. All of them, where none is like that.
 * @param tell of newer runs that are left out
 */
export function meant(
  stopped: readonly RecordedRun[],
  mode: Back,
  tell: (message: string) => void,
): readonly RecordedRun[] {
  const fitting = stopped.filter(({ state }) =>
    mode === "--undo" ? [...state.steps.values()].some(mayBeInEffect) : !onlyMetLock(state),
  );
  const last = fitting.at(-1);
  if (!last) return stopped;
  const newer = stopped.slice(stopped.indexOf(last) + 1).map(({ folder }) => folder.run);
  const why = mode === "--undo" ? "no change in effect" : "only met a lock";
  if (newer.length > 0) tell(`Left out for ${last.folder.run}: ${newer.join(", ")} (${why}).`);
  return fitting;
}

/** A stopped run in a line: its name, and how and when it ended. */
export function standing({ folder, journal, state: { end } }: RecordedRun): string {
  const at = (end ?? journal.records.at(-1))?.at.replace(/\.\d+Z$/u, "Z") ?? "";
  const how = end ? `${end.verdict} at ${at}` : `stopped without an end, the last record is of ${at}`;
  return `${folder.run}: ${how}${end?.why === undefined ? "" : `, ${end.why}`}`;
}

/** It holds no host, and a new run would do all that it would. */
function onlyMetLock({ end, steps }: RunState): boolean {
  return end?.exitCode === exitCode.locked && ![...steps.values()].some(isBegun);
}
