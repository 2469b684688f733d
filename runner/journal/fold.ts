import type { Begin, End, HostIdentity, Operator, Record, Resolved, Value } from "./record.ts";

/** The state of a run: what its records add up to. */
export interface RunState {
  /** How it began, with what was adopted or bound anew since. */
  readonly begin: Begin;
  readonly beganAt: string;
  /** Who runs it, or did last. */
  readonly operator: Operator;
  readonly hosts: ReadonlyMap<string, HostIdentity>;
  /** The machines that first answered as the hosts, or since a host was bound anew. */
  readonly met: ReadonlyMap<string, HostIdentity>;
  /** By step id, in the order in which the steps were first heard of. */
  readonly steps: ReadonlyMap<string, StepState>;
  /** Whether its changes are being taken back: it does not go on any more. */
  readonly undoing: boolean;
  /** How it ended; absent while it goes on, and when it was killed. */
  readonly end?: End & { readonly at: string };
}

export interface StepState {
  readonly outcome:
    | "read"
    | "intended"
    | "done"
    | "failed"
    | "unknown"
    | "confirmed"
    | "declined"
    | "begun"
    /** A person says so; its postcondition was not asked yet. */
    | "marked done"
    | "marked not done"
    | "undone";
  /** What a read gave. */
  readonly value?: Value;
  /** The tokens that a change was sent under, oldest first. */
  readonly tokens: readonly string[];
  /** A person says to have done it, whatever was seen of it since; a command that is sent after it takes its place. */
  readonly byHand?: true;
  /** Present once its undo was begun: the tokens of that, oldest first, and what came of the last. */
  readonly undo?: { readonly tokens: readonly string[]; readonly outcome: "intended" | "failed" | "unknown" };
  /** Whether a person's yes is on record. */
  readonly confirmed: boolean;
}

interface Building {
  begin?: Begin;
  beganAt: string;
  operator?: Operator;
  readonly hosts: Map<string, HostIdentity>;
  readonly met: Map<string, HostIdentity>;
  readonly steps: Map<string, StepState>;
  undoing: boolean;
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
  readonly #state: Building = { beganAt: "", hosts: new Map(), met: new Map(), steps: new Map(), undoing: false };

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
      if (!state.met.has(record.data.host)) state.met.set(record.data.host, record.data.hello);
      return;
    case "end":
      state.end = { ...record.data, at: record.at };
      state.undoing ||= record.data.verdict === "partly undone" || record.data.verdict === "undo failed";
      return;
    case "mirror":
      return;
    case "adopted": {
      const { script, runtime, plan, params, pins } = record.data;
      if (state.begin) state.begin = { ...state.begin, script, runtime, plan, params, pins };
      return;
    }
    case "rebound": {
      const { host, pin } = record.data;
      state.met.delete(host);
      if (state.begin) state.begin = { ...state.begin, pins: { ...state.begin.pins, [host]: pin } };
      return;
    }
    default:
      if (record.step !== undefined) {
        const step = next(state.steps.get(record.step) ?? untouched, record);
        state.steps.set(record.step, step);
        state.undoing ||= step.undo !== undefined || step.outcome === "undone";
      }
  }
}

type StepRecord = Exclude<Record, { type: "begin" | "resume" | "host" | "end" | "rebound" | "mirror" | "adopted" }>;

function next(step: StepState, record: StepRecord): StepState {
  switch (record.type) {
    case "read":
      return { ...step, outcome: "read", value: record.data.value };
    case "intent": {
      const { token, undo } = record.data;
      if (undo) return { ...step, undo: { tokens: [...(step.undo?.tokens ?? []), token], outcome: "intended" } };
      return { ...notByHand(step), outcome: "intended", tokens: [...step.tokens, token] };
    }
    case "failed":
    case "unknown": {
      const { what } = record.data;
      if (what !== "undo" && what !== "undone") return { ...step, outcome: record.type };
      return { ...step, undo: { tokens: step.undo?.tokens ?? [], outcome: record.type } };
    }
    case "done":
      return { ...step, outcome: "done" };
    case "undo":
      return { ...step, outcome: "undone" };
    case "resolved":
      return marked(step, record.data);
    case "confirm": {
      const yes = record.data.answer === "yes";
      return { ...step, outcome: yes ? "confirmed" : "declined", confirmed: yes };
    }
    case "guard":
      return step;
  }
}

function marked(step: StepState, { mark, value }: Resolved): StepState {
  if (mark === "not done") return { ...notByHand(step), outcome: "marked not done" };
  if (mark === undefined) return step;
  return value === undefined ? { ...step, outcome: "marked done", byHand: true } : { ...step, outcome: "read", value };
}

/** A step without what a person said to have done of it. */
function notByHand(step: StepState): StepState {
  const { byHand: _, ...own } = step;
  return own;
}

/** Whether a change was sent, or done by hand in the run's place. */
export function isBegun({ tokens, byHand }: StepState): boolean {
  return tokens.length > 0 || byHand === true;
}

/** Whether some of a change may be in effect: it was begun, and neither taken back nor found not to be there. */
export function mayBeInEffect(step: StepState): boolean {
  return isBegun(step) && step.outcome !== "undone" && step.outcome !== "marked not done";
}

/** Whether there is nothing left to do for it: it is complete, or all of it was taken back. */
export function isOver({ end }: RunState): boolean {
  return end?.verdict === "completed" || end?.verdict === "undone";
}
