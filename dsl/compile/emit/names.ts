import type { Plan, Step } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";

// Words that a strict module may not use as a name, and the names that a script uses for itself.
const reserved = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum eval export extends false finally " +
    "for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof undefined var void while with yield arguments script params read " +
    "change confirm when forEach onEach isTrue present eq lt and not isHost holds secret process globalThis"
  ).split(" "),
);

/** The JavaScript name of every value of a plan, by ref, in the order of the document. No two are the same. */
export function namesOf(plan: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const used = new Set(reserved);
  const add = (ref: string): void => {
    const wanted = camelCase(ref.slice(ref.indexOf(":") + 1));
    let name = wanted;
    for (let count = 2; used.has(name); count += 1) name = `${wanted}${count}`;
    used.add(name);
    names.set(ref, name);
  };
  for (const param of Object.keys(plan.params).sort()) add(`param:${param}`);
  for (const step of walk(plan.steps)) for (const ref of givenBy(step)) add(ref);
  return names;
}

function givenBy(step: Step): readonly string[] {
  if (step.kind === "read" || (step.kind === "when" && step.gives)) return [`step:${step.id}`];
  return step.kind === "for-each" || step.kind === "on-each" ? [`item:${step.id}`] : [];
}

function camelCase(id: string): string {
  return id.replace(/[^a-z0-9]+([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());
}
