import type { ToolsByRole } from "../../dsl/plan/rehearsal.ts";
import type { DrillKit } from "./kit.ts";
import type { Measured, Subject } from "./result.ts";

/** What a drill has found out on its way; what it did not get to is absent. */
export interface Findings {
  readonly began: Date;
  /** Decisions of a person that the drill answered, as `runbook: step`. */
  readonly automated: string[];
  /** How long each read and change took, by runbook and by its id in the plan. */
  readonly stepSeconds: Record<string, Readonly<Record<string, number>>>;
  /** What hosts had of the programs that a runbook needs, by runbook and role. */
  readonly tools: Record<string, ToolsByRole>;
  /** The sources that went in. */
  inputs?: Subject;
  /** The drill as it was declared, and the sources of its world. */
  configuration?: readonly Subject[];
  kit?: DrillKit;
  /** Digests of the images that the machines are made of, by host. */
  images?: Readonly<Record<string, string>>;
  measured?: Measured;
  /** A world that was left: a command for a shell on each host. */
  kept?: Readonly<Record<string, string>>;
}
