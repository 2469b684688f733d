import type { RunState, StepState } from "../journal/fold.ts";
import { span } from "./words.ts";

/** What the last screen of a run is made from. */
export interface Ending {
  readonly state: RunState;
  readonly run: string;
  /** Folder of the run's records. */
  readonly folder: string;
  /** What stopped it; absent when it is complete. */
  readonly error?: string;
  /** `host asset` of everything that a change of this run was sent to destroy. */
  readonly destroyed: readonly string[];
  readonly locked: readonly string[];
  /** Where the record was to be mirrored to and is not any more, with why. */
  readonly mirrorLost?: string;
  /** Digest of the last record, to be kept elsewhere. */
  readonly head: string;
  readonly seconds: number;
  /** Commands that are safe to type next, with what each does. */
  readonly next: readonly (readonly [command: string, what: string])[];
}

/** What is known, what is not, what was destroyed, and what to do next. */
export function lastScreen(ending: Ending): string {
  const { state, error, destroyed, locked } = ending;
  const done = withOutcome(state, "done", "read", "confirmed");
  const unknown = withOutcome(state, "unknown", "intended");
  const failed = withOutcome(state, "failed");
  const lines = [
    "",
    error ?? `Complete: ${done.length} steps in ${span(ending.seconds)}.`,
    ...(error
      ? ["", `Complete:  ${done.length === 0 ? "nothing" : `${done.length} steps, the last is ${done.at(-1)}`}`]
      : []),
    ...(failed.length > 0 ? [`Failed:    ${failed.join(", ")}`] : []),
    ...(unknown.length > 0 ? [`Not known: ${unknown.join(", ")}`] : []),
    ...(destroyed.length > 0
      ? [`Destroyed: ${destroyed.join(", ")} (by this run)`]
      : error
        ? ["Destroyed: nothing"]
        : []),
    ...(locked.length > 0 ? [`Held:      ${locked.join(", ")}, until this run is complete or declared abandoned`] : []),
    `Records:   ${ending.folder}`,
    ...(ending.mirrorLost === undefined ? [] : [`Mirror:    lost, ${ending.mirrorLost}`]),
    `Head:      ${ending.head}`,
    ...(ending.next.length > 0 ? ["", "What you can safely do now:"] : []),
    ...ending.next.flatMap(([command, what]) => [`  ${command}`, `      ${what}`]),
    "",
  ];
  return lines.join("\n");
}

function withOutcome(state: RunState, ...outcomes: readonly StepState["outcome"][]): readonly string[] {
  return [...state.steps].flatMap(([id, step]) => (outcomes.includes(step.outcome) ? [id] : []));
}
