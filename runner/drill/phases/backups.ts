import type { Call } from "../../../dsl/drill.ts";
import type { Stage } from "../course.ts";
import type { DrillError } from "../errors.ts";
import type { Operator } from "../operator.ts";
import type { Performed } from "../records.ts";

/**
 * Lets the operator make backups, one after the other.
 * @returns the journal of each
 * @throws DrillError made of why one of them stopped
 */
export async function makeBackups(
  operator: Operator,
  calls: readonly Call[],
  otherwise: (why: string) => DrillError,
  stage: Stage,
): Promise<readonly Performed[]> {
  const performed: Performed[] = [];
  for (const call of calls) {
    const { records, stopped } = await operator.perform(call, stage);
    if (stopped) throw otherwise(stopped);
    performed.push({ runbook: call.runbook.plan.id, records });
  }
  return performed;
}
