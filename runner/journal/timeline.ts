import type { Begin, End, Record } from "./record.ts";

/** A run as one reads it afterwards: sittings of one process each, and in each what was done, in order. */
export interface Timeline {
  readonly run: string;
  readonly begin: Begin;
  readonly sittings: readonly Sitting[];
  /** Seconds from the first record to the last, and those of them that a process was at work. */
  readonly seconds: { readonly all: number; readonly atWork: number };
}

/** What one process did, from its beginning or resume to its end. */
export interface Sitting {
  /** `user@machine`. */
  readonly by: string;
  /** What for, where it did not simply go on. */
  readonly to?: "undo" | "mark";
  /** Milliseconds since 1970, by the runner's clock. */
  readonly from: number;
  readonly until: number;
  /** Seconds since the last record of the sitting before. */
  readonly pause?: number;
  readonly entries: readonly Entry[];
  /** Absent where the process was killed, or still goes on. */
  readonly end?: End;
}

/** A visit to a step, or a single record that belongs to none. */
export interface Entry {
  readonly step?: string;
  /** Where a change was sent. */
  readonly host?: string;
  readonly from: number;
  readonly until: number;
  readonly records: readonly Record[];
  readonly state: EntryState;
}

/** How a visit ended: `open` where the record stops in the middle of it. */
export type EntryState = "good" | "bad" | "unknown" | "open" | "told";

type Building<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Puts the records of one run in order, oldest first. */
export function timelineOf(records: readonly Record[]): Timeline {
  const sittings: (Omit<Building<Sitting>, "entries"> & { entries: Building<Entry>[] })[] = [];
  let begin: Begin | undefined;
  let before: number | undefined;
  for (const record of records) {
    const at = Date.parse(record.at);
    if (record.type === "begin") begin = record.data;
    const opened = opening(record, sittings.at(-1)?.end !== undefined);
    if (opened) {
      const pause = before === undefined ? {} : { pause: spanOf(before, at) };
      sittings.push({ ...opened, from: at, until: at, entries: [], ...pause });
      if (opened.to === "mark") before = at;
    }
    const sitting = sittings.at(-1);
    if (sitting && record.type !== "begin" && record.type !== "resume") {
      sitting.until = Math.max(sitting.until, at);
      if (record.type === "end") sitting.end = record.data;
      else place(sitting.entries, record, before ?? at);
    }
    before = at;
  }
  const [first] = records;
  if (!first || !begin) throw new TypeError("A run's first record is its beginning");
  return {
    run: first.run,
    begin,
    sittings,
    seconds: {
      all: spanOf(Date.parse(first.at), before ?? 0),
      atWork: sittings.reduce((sum, { from, until }) => sum + spanOf(from, until), 0),
    },
  };
}

/** What a record begins, if it begins a sitting: a run, a resume, or a mark that a person made after the end. */
function opening(record: Record, ended: boolean): Pick<Sitting, "by" | "to"> | undefined {
  if (record.type === "begin" || record.type === "resume") {
    const { user, host } = record.data.operator;
    return { by: `${user}@${host}`, ...("to" in record.data && record.data.to && { to: record.data.to }) };
  }
  return ended && record.type === "resolved" ? { by: record.data.by, to: "mark" } : undefined;
}

/** A step's records of one sitting are one visit, also where those of others stand between them. */
function place(entries: Building<Entry>[], record: Record, before: number): void {
  const at = Date.parse(record.at);
  const step = "step" in record ? record.step : undefined;
  let entry = step === undefined ? undefined : entries.find((each) => each.step === step);
  if (!entry) {
    const from = record.type === "done" ? at - record.data.seconds * 1000 : Math.min(before, at);
    entry = { ...(step !== undefined && { step }), from, until: at, records: [], state: "told" };
    entries.push(entry);
  }
  entry.until = Math.max(entry.until, at);
  entry.records.push(record);
  entry.state = stateAfter(entry.state, record);
  if (record.type === "intent") entry.host = record.data.host;
}

function stateAfter(state: EntryState, record: Record): EntryState {
  switch (record.type) {
    case "read":
    case "done":
    case "undo":
      return "good";
    case "intent":
      return "open";
    case "failed":
      return "bad";
    case "unknown":
      return "unknown";
    case "guard":
      return record.data.answer === "yes" ? state : "bad";
    case "confirm":
      return record.data.answer === "yes" ? "good" : "bad";
    default:
      return state;
  }
}

/** Seconds between two moments. A clock that was set back does not make them fewer than none. */
function spanOf(from: number, until: number): number {
  return Math.max(0, until - from) / 1000;
}
