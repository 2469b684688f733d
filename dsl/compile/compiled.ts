import type { Plan, PlanSource } from "../plan/plan.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Rehearsal } from "../plan/rehearsal.ts";
import type { RuntimeFile } from "./emit/script.ts";

/** What came of compiling one runbook. */
export type Compilation = Compiled | Refused;

/** A runbook that was compiled, with everything that is made of it. */
export interface Compiled {
  readonly ok: true;
  /** Path relative to the project. */
  readonly file: string;
  readonly plan: Plan;
  /** The plan's canonical bytes, as text. */
  readonly planBytes: string;
  /** SHA-256 of these bytes, hex. */
  readonly planSha256: string;
  readonly source: PlanSource;
  /** The script for a runtime file. */
  script(runtime: RuntimeFile): string;
  /** The page, Markdown; with what drills have shown of the runbook, newest first. */
  page(rehearsals?: readonly Rehearsal[]): string;
  /** Warnings only. */
  readonly diagnostics: readonly Diagnostic[];
  /** The authors' files that it was made of, absolute paths. */
  readonly imports: readonly string[];
}

/** A runbook that could not be compiled. */
export interface Refused {
  readonly ok: false;
  readonly file: string;
  /** With at least one error among them. */
  readonly diagnostics: readonly Diagnostic[];
  readonly imports: readonly string[];
}
