/**
 * The journal: one JSON object a line, appended and fsynced. The record is the event: the terminal, `--json` and the
 * timeline are renderings of it, and a run's state is a fold over it.
 */
export interface Envelope {
  readonly v: 1;
  /** From 0, without gaps. */
  readonly seq: number;
  /** SHA-256, hex, of the line before without its line break; 64 zeros for the first. */
  readonly prev: string;
  /** The runner's clock, ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly run: string;
}

/** What closes a line: the first 16 hex digits of the SHA-256 of the line without it, so that the last line is held too. */
export interface Seal {
  readonly sum: string;
}

export type Record = Envelope & Event;

/** What can happen in a run. `step` is the step's id; inside a loop the items extend it: `set-aside[0019f4]`. */
export type Event =
  | { readonly type: "begin"; readonly data: Begin }
  | { readonly type: "resume"; readonly data: { readonly operator: Operator; readonly to?: "undo" } }
  | { readonly type: "host"; readonly data: { readonly host: string; readonly hello: HostIdentity } }
  /** A read's value. */
  | { readonly type: "read"; readonly step: string; readonly data: Output & { readonly value: Value } }
  /** On disk before any byte of the command leaves; with `undo`, of the step's undo. */
  | {
      readonly type: "intent";
      readonly step: string;
      readonly data: { readonly host: string; readonly token: string; readonly undo?: true };
    }
  | { readonly type: "done"; readonly step: string; readonly data: Outcome }
  /** An observed failure: of the command, or of its postcondition. */
  | {
      readonly type: "failed";
      readonly step: string;
      readonly data: Output & { readonly what: What; readonly status: number };
    }
  /** A lost observation or a timeout: what happened is not known. */
  | { readonly type: "unknown"; readonly step: string; readonly data: { readonly what: What; readonly why: string } }
  | {
      readonly type: "guard";
      readonly step: string;
      readonly data: { readonly title: string; readonly answer: Answer; readonly detail: string };
    }
  | {
      readonly type: "confirm";
      readonly step: string;
      readonly data: {
        readonly answer: "yes" | "no";
        readonly by: string;
        /**
         * `typed` by a person, or `given` by name when the run was started. A no may also be `empty`, Enter alone;
         * `ended`, the input before anything was typed; `mistyped`, never one of the answers.
         */
        readonly how: "typed" | "given" | "empty" | "ended" | "mistyped";
        readonly evidence: Readonly<{ [name: string]: Value }>;
      };
    }
  /** A change that is not in effect any more. `how`: its undo ran, or the change was found not to be in effect. */
  | {
      readonly type: "undo";
      readonly step: string;
      readonly data: Partial<Output> & { readonly how: "ran" | "found undone"; readonly seconds: number };
    }
  /** The record is copied to a host that survives, or not any more. */
  | {
      readonly type: "mirror";
      readonly data: { readonly host: string; readonly state: "kept" | "lost"; readonly why?: string };
    }
  /** A host is another machine from now on, or the same with other keys. */
  | { readonly type: "rebound"; readonly data: Rebound }
  /** The run goes on with a mended script. */
  | { readonly type: "adopted"; readonly data: Adopted }
  /** Somebody decided what could not be known. */
  | { readonly type: "resolved"; readonly step?: string; readonly data: Resolved }
  | { readonly type: "end"; readonly data: End };

export interface Begin {
  readonly runbook: string;
  /** SHA-256, hex, of the script's and the runtime's bytes: the identity of what runs. */
  readonly script: string;
  readonly runtime: string;
  readonly plan: string;
  readonly params: Readonly<{ [name: string]: string }>;
  /** By host: its role and host keys, as bound. */
  readonly pins: Readonly<{ [host: string]: { readonly role: string; readonly hostKeys: readonly string[] } }>;
  readonly operator: Operator;
}

export interface Rebound {
  readonly host: string;
  /** Fingerprints of its keys. */
  readonly from: string;
  readonly to: string;
  readonly pin: Begin["pins"][string];
  /** Who enrolled it, and when. */
  readonly by: string;
  readonly at: string;
}

export interface Adopted extends Pick<Begin, "script" | "runtime" | "plan" | "params" | "pins"> {
  /** What the run had until then. */
  readonly from: Pick<Begin, "script" | "runtime" | "plan">;
  readonly difference: Difference;
  readonly by: string;
  /** `typed` by a person, or `given` by name when it was called. */
  readonly how: "typed" | "given";
}

/** What is different in a mended script, by step ids of the plan. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly moved: readonly string[];
  /** With the parts that changed: `command`, `guards`. */
  readonly changed: Readonly<{ [step: string]: readonly string[] }>;
}

export interface Resolved {
  readonly what: string;
  readonly by: string;
  readonly why: string;
  /** A step that was marked by hand: what it is from now on. */
  readonly mark?: "done" | "not done";
  /** What a read gives that was marked done. */
  readonly value?: Value;
}

export interface End {
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** What stopped it, as the operator was told. */
  readonly why?: string;
}

export interface Operator {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** What a supervisor said of its machine when the connection was made. */
export interface HostIdentity {
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
}

/** How an output is kept: its size, digest and tail in the line, all of it in a file beside the journal. */
export interface Output {
  readonly stdout: Kept;
  readonly stderr: Kept;
}

export interface Kept {
  readonly bytes: number;
  readonly sha256: string;
  /** The last 4 KiB, as UTF-8. */
  readonly tail: string;
}

/** A completed change. `how`: it ran now, or it was found in effect already. */
export interface Outcome extends Partial<Output> {
  readonly how: "ran" | "found in effect" | "decided";
  readonly seconds: number;
}

/** The part of a step that something was observed of. `undone`: the probe that must answer no after an undo. */
export type What = "run" | "verify" | "done" | "guard" | "undo" | "undone" | "read";

/** A probe's answer: exit status 0, 1, anything else. */
export type Answer = "yes" | "no" | "unknown";

export type Verdict =
  "completed" | "failed" | "refused" | "unknown" | "interrupted" | "undone" | "partly undone" | "undo failed";

/** A captured value after its type was checked; absent optionals are null. */
export type Value = string | number | boolean | null | readonly Value[];
