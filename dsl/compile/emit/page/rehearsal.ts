/** What a drill showed of a runbook, from its evidence. */
export interface Rehearsal {
  readonly drill: string;
  readonly verdict: "passed" | "failed" | "void";
  /** When the drill began, ISO 8601 in UTC. */
  readonly at: string;
  /** Whether it was this very plan that was rehearsed. */
  readonly samePlan: boolean;
  /** How long each change took in it, in seconds, by its id in the plan. */
  readonly stepSeconds: Readonly<Record<string, number>>;
  /** What was measured, where the drill came that far. */
  readonly rtaSeconds?: number;
  readonly rpaSeconds?: number;
  /** What was shown of the objective, in words: `not shown: data 40 MiB in containers, production 300 GiB`. */
  readonly objective: { readonly rto: string; readonly rpo: string };
  /** What the runbook was in the drill: what recovered, or what made the backup that was recovered from. */
  readonly as: "recovery" | "backup";
}
