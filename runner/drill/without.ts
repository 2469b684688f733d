import type { Plan, Step } from "../../dsl/plan/plan.ts";
import { usedBy } from "../../dsl/plan/refs.ts";
import { walk } from "../../dsl/plan/walk.ts";
import { nearest } from "../nearest.ts";
import { ambiguousStep, lastStep, stepIsUsed, unknownStep } from "./errors.ts";

/**
 * The plan without one step, to see a drill notice that it is missing. What is nested in the step goes with it.
 * @param step its id or its title
 * @throws DrillError when there is no such step, it is the only one, or other steps use what it gives
 */
export function withoutStep(plan: Plan, step: string): Plan {
  const all = [...walk(plan.steps)];
  const taken = all.find(isCalled(step));
  if (!taken) throw unknownStep(step, nearest(step, namesOf([plan])), namesOf([plan]));
  const gone = new Set([...walk([taken])].map(({ id }) => id));
  const users = all
    .filter(({ id }) => !gone.has(id))
    .filter((other) => usedBy(other).some((ref) => givenBy(ref, gone)));
  if (users.length > 0)
    throw stepIsUsed(
      taken.id,
      users.map(({ id }) => id),
    );
  const steps = prune(plan.steps, taken);
  if (steps.length === 0) throw lastStep(taken.id, plan.id);
  return { ...plan, steps };
}

/** Which of several plans has the step; `runbook:step` says which where more than one has it. */
export function planWithStep(plans: readonly Plan[], named: string): { readonly plan: Plan; readonly step: string } {
  const [, runbook, rest] = /^([a-z0-9-]+):(.+)$/su.exec(named) ?? [];
  const qualified = rest !== undefined && plans.some(({ id }) => id === runbook);
  const step = qualified ? rest : named;
  const among = qualified ? plans.filter(({ id }) => id === runbook) : plans;
  const [plan, ...others] = among.filter(({ steps }) => [...walk(steps)].some(isCalled(step)));
  if (!plan) throw unknownStep(step, nearest(step, namesOf(among)), namesOf(among));
  if (others.length > 0)
    throw ambiguousStep(
      step,
      [plan, ...others].map(({ id }) => id),
    );
  return { plan, step };
}

const isCalled =
  (name: string) =>
  (step: Step): boolean =>
    step.id === name || step.title === name;

const givenBy = (ref: string, steps: ReadonlySet<string>): boolean =>
  ref.startsWith("step:") && steps.has(ref.slice("step:".length));

const namesOf = (plans: readonly Plan[]): readonly string[] =>
  plans.flatMap(({ steps }) => [...walk(steps)].map(({ title }) => title));

function prune(steps: readonly Step[], taken: Step): readonly Step[] {
  return steps
    .filter((step) => step !== taken)
    .map((step): Step => {
      if (step.kind === "when")
        return { ...step, then: prune(step.then, taken), otherwise: prune(step.otherwise, taken) };
      return step.kind === "for-each" || step.kind === "on-each" ? { ...step, steps: prune(step.steps, taken) } : step;
    });
}

/**
 * How a change that can be taken out is called: the last one that destroys something, or else the last.
 * @param plans all among which it is called so
 */
export function removable(plan: Plan, plans: readonly Plan[]): string | undefined {
  const changes = [...walk(plan.steps)].filter((step) => step.kind === "change");
  const title = (changes.findLast(({ destroys }) => destroys.length > 0) ?? changes.at(-1))?.title;
  if (title === undefined) return undefined;
  const others = plans.filter(({ id }) => id !== plan.id);
  return others.some(({ steps }) => [...walk(steps)].some(isCalled(title))) ? `${plan.id}:${title}` : title;
}
