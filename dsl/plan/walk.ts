import type { Step } from "./plan.ts";

/** Every step of a plan, nested ones included, in the order of the document. */
export function* walk(steps: readonly Step[]): Generator<Step, void, undefined> {
  for (const step of steps) {
    yield step;
    if (step.kind === "when") {
      yield* walk(step.then);
      yield* walk(step.otherwise);
    } else if (step.kind === "for-each" || step.kind === "on-each") yield* walk(step.steps);
  }
}
