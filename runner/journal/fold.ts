import type { Begin, End, HostIdentity, Operator, Record, Value } from "./record.ts";

/** The state of a run: what its records add up to. */
export interface RunState {
  readonly begin: Begin;
  readonly beganAt: string;
  /** Who runs it, or did last. */
  readonly operator: Operator;
  readonly hosts: ReadonlyMap<string, HostIdentity>;
  /** By step id, in the order in which the steps were first heard of. */
  readonly steps: ReadonlyMap<string, StepState>;
  /** How it ended; absent while it goes on, and when it was killed. */
  readonly end?: End & { readonly at: string };
}

export interface StepState {
  readonly outcome: "read" | "intended" | "done" | "failed" | "unknown" | "confirmed" | "declined" | "begun";
  /** What a read gave. */
  readonly value?: Value;
  /** The tokens that a change was sent under, oldest first. */
  readonly tokens: readonly string[];
  /** Whether a person's yes is on record. */
  readonly confirmed: boolean;
}

interface Building {
  begin?: Begin;
  beganAt: string;
  operator?: Operator;
  readonly hosts: Map<string, HostIdentity>;
  readonly steps: Map<string, StepState>;
  end?: RunState["end"];
}

const untouched: StepState = { outcome: "begun", tokens: [], confirmed: false };

/** Folds the records of one run, oldest first. */
export function fold(records: Iterable<Record>): RunState {
  const folding = new Folding();
  for (const record of records) folding.add(record);
  return folding.state;
}

/** A fold that goes on while records come. */
export class Folding {
  readonly #state: Building = { beganAt: "", hosts: new Map(), steps: new Map() };

  add(record: Record): void {
    apply(this.#state, record);
  }

  /** What the records so far add up to; the first of them is the run's beginning. */
  get state(): RunState {
    const { begin, operator, end, ...rest } = this.#state;
    if (!begin || !operator) throw new TypeError("A run's first record is its beginning");
    return { begin, operator, ...rest, ...(end && { end }) };
  }
}

function apply(state: Building, record: Record): void {
  switch (record.type) {
    case "begin":
      state.begin = record.data;
      state.beganAt = record.at;
      state.operator = record.data.operator;
      return;
    case "resume":
      state.operator = record.data.operator;
      delete state.end;
      return;
    case "host":
      state.hosts.set(record.data.host, record.data.hello);
      return;
    case "end":
      state.end = { ...record.data, at: record.at };
      return;
    case "rebound":
      return;
    default:
      if (record.step !== undefined) {
        state.steps.set(record.step, next(state.steps.get(record.step) ?? untouched, record));
      }
  }
}

type StepRecord = Exclude<Record, { type: "begin" | "resume" | "host" | "end" | "rebound" }>;

function next(step: StepState, record: StepRecord): StepState {
  switch (record.type) {
    case "read":
      return { ...step, outcome: "read", value: record.data.value };
    case "intent":
      return { ...step, outcome: "intended", tokens: [...step.tokens, record.data.token] };
    case "done":
    case "failed":
    case "unknown":
      return { ...step, outcome: record.type };
    case "confirm": {
      const yes = record.data.answer === "yes";
      return { ...step, outcome: yes ? "confirmed" : "declined", confirmed: yes };
    }
    case "guard":
    case "undo":
    case "resolved":
      return step;
  }
}
