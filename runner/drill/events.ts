import type { Record as JournalRecord } from "../journal/record.ts";
import type { Asked } from "./errors.ts";
import type { DrillResult, Part, Why } from "./result.ts";

/** The phases of a drill, in order, each with the part whose verdict it decides. */
export const phases = {
  "hash the sources": "steadyState",
  "compile the runbooks": "steadyState",
  "prepare the machines": "steadyState",
  "bring up the steady state": "steadyState",
  "fork the world": "steadyState",
  "see that the farm works": "steadyState",
  "write to the ledger": "steadyState",
  "let the disaster strike": "injection",
  "see what turned red": "red",
  "seat the operator": "recovery",
  recover: "recovery",
  "see that the farm works again": "acceptance",
  measure: "acceptance",
  "make the next backup": "nextCycle",
  "see that it restores": "nextCycle",
  "note the versions of the tools": "nextCycle",
  "remove the machines": "cleanup",
} as const satisfies Record<string, Part>;

export type Phase = keyof typeof phases;

/** All that happens in a drill, in order. Sinks render it; nothing else prints. */
export type DrillEvent =
  | {
      readonly type: "begin";
      readonly drill: string;
      /** What the disaster is. */
      readonly title: string;
      /** What is left out to see the drill go red. */
      readonly demonstration: readonly string[];
    }
  | { readonly type: "phase begun"; readonly phase: Phase }
  /** What is being done now, in a few words. */
  | { readonly type: "progress"; readonly phase: Phase; readonly doing: string }
  /** A record of the journal of a script that the operator runs. */
  | {
      readonly type: "step";
      readonly phase: Phase;
      readonly runbook: string;
      /** The step's title, where the record is one of a step. */
      readonly title?: string;
      readonly record: JournalRecord;
    }
  | { readonly type: "probe"; readonly phase: Phase; readonly asked: Asked }
  | { readonly type: "phase ended"; readonly phase: Phase; readonly seconds: number; readonly why?: Why }
  | { readonly type: "end"; readonly result: DrillResult };

export type Emit = (event: DrillEvent) => void;
