import type { Call } from "../../../dsl/drill.ts";
import type { Record as JournalRecord } from "../../journal/record.ts";
import type { Stage } from "../course.ts";
import { recoveryFailed } from "../errors.ts";
import type { Operator } from "../operator.ts";

/** Lets the operator recover, and gives the journal of it. @throws DrillError when the script stopped short */
export async function recover(operator: Operator, call: Call, stage: Stage): Promise<readonly JournalRecord[]> {
  const { records, stopped } = await operator.perform(call, stage);
  if (stopped) throw recoveryFailed(stopped);
  return records;
}
