import type { ToolsByRole } from "../../dsl/plan/rehearsal.ts";
import type { DrillError } from "./errors.ts";
import type { Loss } from "./ledger.ts";

/** What a drill, or a part of it, came to. `void`: nothing was shown, neither pass nor fail. */
export type Verdict = "passed" | "failed" | "void";

/** The parts of a drill that have verdicts of their own, in the order in which they are reached. */
export const parts = ["steadyState", "injection", "red", "recovery", "acceptance", "nextCycle", "cleanup"] as const;
export type Part = (typeof parts)[number];

export type PartVerdict = Verdict | "not reached" | "kept";

/** Why something did not pass: a code, what was seen, and the way out. */
export interface Why {
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
}

/** One drill, run. This is what evidence, JSON and the terminal are made of. */
export interface DrillResult {
  readonly drill: string;
  readonly verdict: Verdict;
  readonly parts: Readonly<Record<Part, PartVerdict>>;
  /** By part, for each that did not pass. */
  readonly reasons: Readonly<Partial<Record<Part, Why>>>;
  readonly disaster: { readonly id: string; readonly title: string };
  /** The runbook that recovered. */
  readonly recovery: string;
  /** What was left out or replaced to see the drill go red; evidence of such a drill counts for nothing else. */
  readonly demonstration: readonly string[];
  /** Decisions of a person that the drill answered itself, as `runbook: step`. */
  readonly automated: readonly string[];
  /** How long each read and change took that ended well, by runbook and by its id in the plan. */
  readonly stepSeconds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What hosts had of the programs that a runbook needs, by runbook and role, as each says it for `--version`. */
  readonly tools: Readonly<Record<string, ToolsByRole>>;
  readonly startedAt: string;
  readonly seconds: number;
  /** Absent where the drill ended before it could be measured. */
  readonly measured?: Measured;
  readonly objective: Objective;
  /** Scripts, runtime, plans, images and sources that the result is bound to. */
  readonly subjects: readonly Subject[];
  /** The drill as it was declared, and the sources of its world. */
  readonly configuration: readonly Subject[];
  /** Path of the evidence, relative to the project. */
  readonly evidence?: string;
  /** A world that was kept: a command for a shell on each host. */
  readonly kept?: Readonly<Record<string, string>>;
}

/** What the drill found, in seconds. */
export interface Measured {
  /** From the strike until the farm worked again; the sum of {@link Measured.split}. */
  readonly rtaSeconds: number;
  readonly split: RtaSplit;
  /** Time's worth of acknowledged writes that was lost. Absent, as the loss is, where the ledger could not tell of one. */
  readonly rpaSeconds?: number;
  readonly loss?: Loss;
  /** The most that the schedule of the backups lets be lost, whatever this drill measured. */
  readonly scheduleSeconds: number;
  /** How much data the world held. */
  readonly dataBytes: number;
}

export interface RtaSplit {
  /** From the strike until every red probe was red. */
  readonly detect: number;
  /** Until the first change began, waits for a person apart: starting the script, connecting, the reads that choose. */
  readonly decide: number;
  /** Waiting for a person's confirms. Answered by the machine, this is nothing, and labelled automated. */
  readonly humanWait: number;
  /** From the beginning of the first change to the end of the last. */
  readonly execute: number;
  /** From there until every probe of the acceptance was green. */
  readonly verify: number;
}

/** What was shown of the runbook's objective. */
export interface Objective {
  readonly rto: Target;
  readonly rpo: Target;
}

export interface Target {
  readonly seconds: number;
  readonly shown: "met" | "missed" | "not shown";
  readonly why: string;
}

/** Something that the result is bound to: its name and its SHA-256, hex. */
export interface Subject {
  readonly name: string;
  readonly sha256: string;
}

/** The plain form of a reason. */
export const whyOf = ({ code, why, remedy }: DrillError): Why => ({ code, why, remedy });

/** The verdict of the whole: what failed has failed, whatever else was void. Cleaning up does not change it. */
export function overall(of: Readonly<Record<Part, PartVerdict>>): Verdict {
  const counted = parts.filter((part) => part !== "cleanup").map((part) => of[part]);
  if (counted.includes("failed")) return "failed";
  return counted.every((verdict) => verdict === "passed") ? "passed" : "void";
}
