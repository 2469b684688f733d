import type { Record as JournalRecord } from "../journal/record.ts";

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

/** The id in the plan of a step as the journal names it: without the items of the loops that it stands in. */
export const stepOf = (step: string): string => step.replaceAll(/\[[^\]]*\]/gu, "");

/** The journal of a runbook that ran to its end. */
export interface Performed {
  readonly runbook: string;
  readonly records: readonly JournalRecord[];
}

/** How long each change took, in seconds, by its id in the plan; in a loop, all its items together. */
export function secondsOf({ records }: Performed): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const record of records) {
    if (record.type !== "done") continue;
    const step = stepOf(record.step);
    seconds[step] = (seconds[step] ?? 0) + record.data.seconds;
  }
  return seconds;
}

/** The decisions of a person that were given when the run was started, as `runbook: step`. */
export const automatedIn = ({ runbook, records }: Performed): readonly string[] =>
  records.flatMap((record) =>
    record.type === "confirm" && record.data.how === "given" ? [`${runbook}: ${record.step}`] : [],
  );
