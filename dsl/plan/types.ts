import type { Plan, Step, TypeSpec } from "./plan.ts";
import { walk } from "./walk.ts";

/** The roles of which a host parameter wants one. */
export function rolesOf({ role }: Extract<TypeSpec, { readonly type: "host" }>): readonly string[] {
  return [role].flat();
}

/** The type of a value, or none where the plan has no such value. */
export function typeOfRef(plan: Plan, ref: string): TypeSpec | undefined {
  const [kind, id] = [ref.slice(0, ref.indexOf(":")), ref.slice(ref.indexOf(":") + 1)];
  if (kind === "param") return Object.hasOwn(plan.params, id) ? plan.params[id]?.type : undefined;
  for (const step of walk(plan.steps)) {
    if (step.id !== id) continue;
    if (kind === "item") return typeOfItem(step);
    return step.kind === "read" ? step.gives : step.kind === "when" ? step.gives?.type : undefined;
  }
  return undefined;
}

function typeOfItem(step: Step): TypeSpec | undefined {
  if (step.kind === "on-each") return { type: "host", role: step.role };
  return step.kind === "for-each" ? step.item : undefined;
}
