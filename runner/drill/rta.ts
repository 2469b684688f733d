import type { Record as JournalRecord } from "../journal/record.ts";
import type { RtaSplit } from "./result.ts";

/** Instants of one recovery, in milliseconds of the runner's clock. */
export interface Instants {
  readonly struck: number;
  /** Every red probe was seen red. */
  readonly red: number;
  /** Every probe of the acceptance was seen green. */
  readonly green: number;
}

/**
 * Splits the time of a recovery by the journal of its script. The parts add up to the whole: what the script did before
 * its first change is deciding, what it did after its last is verifying. A recovery that changes nothing decides only.
 */
export function splitRta(records: readonly JournalRecord[], { struck, red, green }: Instants): RtaSplit {
  const at = (record: JournalRecord | undefined): number | undefined => record && Date.parse(record.at);
  const lastSeen = at(records.at(-1)) ?? red;
  const first = at(records.find(({ type }) => type === "intent")) ?? lastSeen;
  const last = at(records.findLast(({ type }) => type === "done")) ?? first;
  const seconds = (from: number, to: number): number => Math.max(0, to - from) / 1000;
  return {
    detect: seconds(struck, red),
    decide: seconds(red, first),
    humanWait: 0,
    execute: seconds(first, last),
    verify: seconds(last, green),
  };
}

/** The whole: the sum of its parts, to the millisecond. */
export const wholeOf = ({ detect, decide, humanWait, execute, verify }: RtaSplit): number =>
  Math.round((detect + decide + humanWait + execute + verify) * 1000) / 1000;
