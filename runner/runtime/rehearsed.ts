import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rehearsalFileName, type Rehearsal, type RehearsalFile } from "../../dsl/plan/rehearsal.ts";
import type { KitIdentity } from "./kit-identity.ts";

/** What is known from drills of a script that is about to run. */
export interface Rehearsed {
  /** The newest drill in which these very bytes ran, script and runtime, and what it came to. */
  readonly exact?: Rehearsal;
  /** The newest drill that another version under the same name passed. */
  readonly other?: Rehearsal;
  /** How long each step took in the newest drill that tells, in seconds, by its id in the plan. */
  readonly stepSeconds: Readonly<Record<string, number>>;
  /** Why nothing can be known, in a few words. */
  readonly wanting?: string;
}

/** Where a kit has it. */
export function rehearsalFile({ script }: KitIdentity, runbook: string): string {
  return join(dirname(script.path), rehearsalFileName(runbook));
}

/** Reads what drills have shown, from the file beside the script. Whatever is wrong with it is no error. */
export function rehearsed(kit: KitIdentity, runbook: string): Rehearsed {
  const read = rehearsalsIn(rehearsalFile(kit, runbook), runbook);
  if (typeof read === "string") return { stepSeconds: {}, wanting: read };
  const exact = read.find(({ script, runtime }) => script === kit.script.sha256 && runtime === kit.runtime.sha256);
  const other = read.find((each) => each !== exact && each.verdict === "passed");
  const timed = [exact, ...read].find((each) => each && Object.keys(each.stepSeconds).length > 0);
  return { ...(exact && { exact }), ...(other && { other }), stepSeconds: timed?.stepSeconds ?? {} };
}

function rehearsalsIn(file: string, runbook: string): readonly Rehearsal[] | string {
  const name = rehearsalFileName(runbook);
  try {
    const { v, runbook: of, rehearsals } = JSON.parse(readFileSync(file, "utf8")) as Partial<RehearsalFile>;
    if (v !== 1 || of !== runbook || !Array.isArray(rehearsals)) return `${name} is not of this runbook`;
    return rehearsals.every(isRehearsal) ? rehearsals : `${name} is damaged`;
  } catch (error) {
    return error instanceof SyntaxError ? `${name} is damaged` : `there is no ${name} beside the script`;
  }
}

function isRehearsal(value: unknown): value is Rehearsal {
  if (typeof value !== "object" || value === null) return false;
  const { drill, verdict, at, script, runtime, stepSeconds, rtaSeconds = 0 } = value as Partial<Rehearsal>;
  const texts = [drill, verdict, at, script, runtime].every((each) => typeof each === "string");
  const seconds = typeof stepSeconds === "object" && stepSeconds !== null ? Object.values(stepSeconds) : [undefined];
  return texts && [rtaSeconds, ...seconds].every((each) => typeof each === "number" && each >= 0);
}
