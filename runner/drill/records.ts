import type { Record as JournalRecord } from "../journal/record.ts";
import { stepOf } from "../journal/step-id.ts";

/** A line of a script's `--json` output as the record that it is; none where it is something else. */
export function asRecord(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "type" in value && "seq" in value
      ? (value as JournalRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The journal of a runbook that ran to its end. */
export interface Performed {
  readonly runbook: string;
  readonly records: readonly JournalRecord[];
}

/** How long each read and change took, in seconds, by its id in the plan; in a loop, all its items together. */
export function secondsOf({ records }: Performed): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const [index, record] of records.entries()) {
    if (record.type !== "done" && record.type !== "read") continue;
    const step = stepOf(record.step);
    // A read leaves one record, when it has ended; it was begun when the record before had been written.
    const took = record.type === "done" ? record.data.seconds : between(records[index - 1], record);
    seconds[step] = Math.round(((seconds[step] ?? 0) + took) * 1000) / 1000;
  }
  return seconds;
}

const between = (before: JournalRecord | undefined, record: JournalRecord): number =>
  before ? Math.max(0, Date.parse(record.at) - Date.parse(before.at)) / 1000 : 0;

/** The decisions of a person that were given when the run was started, as `runbook: step`. */
export const automatedIn = ({ runbook, records }: Performed): readonly string[] =>
  records.flatMap((record) =>
    record.type === "confirm" && record.data.how === "given" ? [`${runbook}: ${record.step}`] : [],
  );
