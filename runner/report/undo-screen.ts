import { timeWords, type Ending } from "./last-screen.ts";
import { span } from "./words.ts";

/** What a screen after an undo is made from. */
export interface UndoEnding extends Pick<
  Ending,
  "folder" | "head" | "locked" | "seconds" | "goneSeconds" | "objectiveSeconds" | "next"
> {
  /** What stopped it; absent when all that can be taken back was. */
  readonly error?: string;
  readonly undone: readonly string[];
  /** Still to be taken back. */
  readonly open: readonly string[];
  /** Without an undo: still in effect. */
  readonly left: readonly string[];
  /** Whether taking back has begun: the run does not go forward any more. */
  readonly undoing: boolean;
  /** Taken back by a person, or found not to be in effect. */
  readonly byHand: readonly string[];
}

/** What was taken back, what was not, and what to do next. */
export function undoScreen({ error, undone, open, left, byHand, undoing, ...ending }: UndoEnding): string {
  const verdict =
    left.length > 0 && undone.length === 0
      ? "Nothing was taken back: what may be in effect has no undo, and stays."
      : left.length > 0
        ? `Partly undone: ${undone.length} changes were taken back, ${left.length} have no undo and stay in effect.`
        : `Undone: ${undone.length} changes were taken back in ${span(ending.seconds)}.`;
  const until = undoing ? "until all of it is undone" : "until the run is complete, or all of it is undone";
  const lines = [
    "",
    error ?? verdict,
    "",
    `Undone:    ${undone.join(", ") || "nothing"}`,
    ...(byHand.length > 0 ? [`By hand:   ${byHand.join(", ")}, as a person says`] : []),
    ...(open.length > 0 ? [`In effect: ${open.join(", ")}, or part of it`] : []),
    ...(left.length > 0 ? [`No undo:   ${left.join(", ")}`] : []),
    ...(ending.locked.length > 0 ? [`Held:      ${ending.locked.join(", ")}, ${until}`] : []),
    // What was to be recovered is lost still.
    `Time:      ${timeWords(ending)}`,
    `Records:   ${ending.folder}`,
    `Head:      ${ending.head}`,
    ...(ending.next.length > 0 ? ["", "What you can safely do now:"] : []),
    ...ending.next.flatMap(({ command, what }) => [`  ${command}`, `      ${what}`]),
    "",
  ];
  return lines.join("\n");
}
