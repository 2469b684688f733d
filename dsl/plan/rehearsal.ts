/** What a drill showed of a runbook, from its evidence: what pages, plans and runs say of it. */
export interface Rehearsal {
  readonly drill: string;
  readonly verdict: "passed" | "failed" | "void";
  /** When the drill began, ISO 8601 in UTC. */
  readonly at: string;
  /** Whether it was this very plan that was rehearsed. */
  readonly samePlan: boolean;
  /** SHA-256, hex, of the script and the runtime that ran in it. */
  readonly script: string;
  readonly runtime: string;
  /** How long each read and change took in it, in seconds, by its id in the plan. */
  readonly stepSeconds: Readonly<Record<string, number>>;
  /** What was measured, where the drill came that far. */
  readonly rtaSeconds?: number;
  /** Absent also where the drill's writes lie in nothing that was taken. */
  readonly rpaSeconds?: number;
  /** What was shown of the objective, in words: `not shown: data 40 MiB in containers, production 300 GiB`. */
  readonly objective: { readonly rto: string; readonly rpo: string };
  /** What its hosts had of the programs that it needs: by role, each with the line that it prints for `--version`. */
  readonly tools?: ToolsByRole;
  /** What the runbook was in the drill: what recovered, or what made the backup that was recovered from. */
  readonly as: "recovery" | "backup";
}

export type ToolsByRole = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The file beside a script that says what drills have shown of it: of these bytes, and of others under its name. */
export interface RehearsalFile {
  readonly v: 1;
  readonly runbook: string;
  /** Newest first. */
  readonly rehearsals: readonly Rehearsal[];
}

/** What that file is called. */
export function rehearsalFileName(runbook: string): string {
  return `${runbook}.drills.json`;
}
