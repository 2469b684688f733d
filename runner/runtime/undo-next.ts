import type { RunState } from "../journal/fold.ts";
import type { Next } from "../report/last-screen.ts";
import type { RunError } from "../run-error.ts";
import { notDoneHindered } from "./not-done.ts";
import type { Visited } from "./replay.ts";
import { HostLocked } from "./run-errors.ts";

/** What an undo leaves. */
export interface UndoLeft {
  readonly run: string;
  /** What the records add up to after it. */
  readonly state: RunState;
  /** The steps that the run came to, as they were on record before it. */
  readonly visited: readonly Visited[];
  /** The ids of the changes that have no undo. */
  readonly left: readonly string[];
  /** What stopped it; absent when all that can be taken back was. */
  readonly error: RunError | undefined;
}

/**
 * Commands that are safe after an undo that is not complete, each whole.
 * @param words writes a call of the run's script
 */
export function undoNext(
  { run, state, visited, left, error }: UndoLeft,
  words: (...args: readonly string[]) => string,
): readonly Next[] {
  const now = visited.map((each) => ({ ...each, before: state.steps.get(each.id) }));
  const freed = error instanceof HostLocked ? "once the host is free: " : "";
  const again = state.undoing
    ? "goes on taking back; what is undone already stays so"
    : "shows what can be taken back, asks, and takes it back, the newest first";
  return [
    ...(error ? [{ command: words("--undo", run), what: `${freed}${again}` }] : []),
    ...(error && !state.undoing
      ? [
          {
            command: words("--resume", run),
            what: `${freed}goes on with the run instead; completed steps are not run again`,
          },
        ]
      : []),
    ...(error instanceof HostLocked && !error.alive
      ? [
          {
            command: words("--undo", run, "--break-lock", error.holder),
            what: `only if ${error.holder} is given up for good: takes its hosts, then ${again}`,
          },
        ]
      : []),
    ...left
      .filter((id) => !notDoneHindered(state, now, id))
      .map((id) => ({
        command: words("--mark", `${id}=not-done`, "--resume", run, "--why", "…"),
        what: `only if you have taken ${id} back by hand: records that; then undo again`,
      })),
  ];
}
