/** What a host keeps of a set: the newest whole copy, as the check of a schedule told it. */
export interface Copy {
  readonly runbook: string;
  readonly params: Readonly<Record<string, string>>;
  /** The host that keeps it, which was asked. */
  readonly host: string;
  readonly set: string;
  /** `fresh`, or in one word what is wrong: `late`, `missing`, `shrunken`. */
  readonly state: string;
  /** Of the newest whole copy, ISO 8601 in UTC. */
  readonly moment: string | null;
  readonly bytes: number | null;
  readonly why: string;
}

/** A check that gave no answer, so that nothing is known of what it looks after. */
export interface Unanswered {
  readonly runbook: string;
  readonly params: Readonly<Record<string, string>>;
  readonly why: string;
}

/** What a watch came to. */
export interface Watched {
  readonly v: 1;
  readonly at: string;
  readonly verdict: "sound" | "wrong" | "not known";
  readonly copies: readonly Copy[];
  readonly unanswered: readonly Unanswered[];
}

/** What is known to be wrong weighs most; where something is not known, nothing is sound. */
export function watched(at: string, copies: readonly Copy[], unanswered: readonly Unanswered[]): Watched {
  const wrong = copies.some(isWrong);
  return { v: 1, at, verdict: wrong ? "wrong" : unanswered.length > 0 ? "not known" : "sound", copies, unanswered };
}

export function isWrong({ state }: Copy): boolean {
  return state !== "fresh";
}

const form =
  /^(?<state>[a-z]+) (?<set>\S+) (?<moment>-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (?<bytes>-|\d+)(?: (?<why>.*))?$/u;

/** A line of a read that gives copies; nothing where it is none. */
export function copyOf(line: string, of: Pick<Copy, "runbook" | "params" | "host">): Copy | undefined {
  const parts = form.exec(line)?.groups;
  if (!parts) return undefined;
  const { state = "", set = "", moment = "-", bytes = "-", why = "" } = parts;
  return {
    ...of,
    set,
    state,
    moment: moment === "-" ? null : moment,
    bytes: bytes === "-" ? null : Number(bytes),
    why,
  };
}
