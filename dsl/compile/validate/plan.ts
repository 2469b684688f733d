import { integrityErrors } from "../../plan/integrity.ts";
import type { Plan } from "../../plan/plan.ts";
import { schemaError } from "./schema.ts";

/** What is wrong with a plan, by its schema or in itself; nothing where it is sound. */
export function planErrors(plan: unknown): readonly string[] {
  const error = schemaError(plan);
  return error === undefined ? integrityErrors(plan as Plan) : [error];
}
