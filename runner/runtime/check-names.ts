import { stepOf } from "../journal/step-id.ts";
import { nearest } from "../nearest.ts";
import type { Call } from "./arguments.ts";
import { asksNothing, noSuchStep, nobodyToPause } from "./call-errors.ts";
import type { Outline } from "./outline.ts";

/** Holds what a call says of steps to the steps that there are. @throws RunError DB3021 to DB3023 */
export function checkNames(
  { mode, adopt, answers, until, mark, step }: Call,
  { steps }: Outline,
  terminal: boolean,
): void {
  if (step && !terminal) throw nobodyToPause();
  const ids = steps.map(({ id }) => id);
  for (const [option, named] of [
    ["--until", until],
    ["--mark", mark?.step],
  ] as const)
    if (named !== undefined && !ids.includes(stepOf(named))) throw noSuchStep(option, named, near(named, ids), ids);
  // To take a run back is one question, whatever its steps ask.
  const ofSteps = mode === "undo" ? ["undo"] : steps.filter(({ asks }) => asks).map(({ id }) => id);
  const asking = [...ofSteps, ...(adopt ? ["adopt"] : [])];
  for (const answered of answers.keys()) {
    if (asking.includes(stepOf(answered))) continue;
    throw asksNothing(answered, ids.includes(stepOf(answered)), near(answered, asking), asking);
  }
}

/** The names that may be meant, the nearest first. */
function near(given: string, names: readonly string[]): readonly string[] {
  const first = nearest(given, names);
  if (first === undefined) return [];
  const second = nearest(
    given,
    names.filter((name) => name !== first),
  );
  return [first, ...(second === undefined ? [] : [second])];
}
