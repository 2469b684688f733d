import type { Project } from "../project.ts";

/** How a drill is to be run. */
export interface RunOptions {
  /** Where evidence goes, and whose sources are compiled and hashed. */
  readonly project: Project;
  /** A step that is left out, by title or id, `runbook:step` where several have it. */
  readonly without?: string;
  /** Leave the world of a drill that did not pass, to look at. */
  readonly keep?: boolean;
  /** Leave the backups out of the steady state. */
  readonly withoutBackup?: boolean;
  /** Replace the disaster by nothing. */
  readonly withoutDisaster?: boolean;
  /** Seconds to wait for what should come by itself: a probe to turn, a write to be acknowledged. 30 where left out. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
}

/** What is left out to see the drill go red, in words; nothing for a drill that counts. */
export function demonstrationOf({ without, withoutBackup, withoutDisaster }: RunOptions): readonly string[] {
  return [
    ...(without ? [`without the step "${without}"`] : []),
    ...(withoutBackup ? ["without a backup"] : []),
    ...(withoutDisaster ? ["without the disaster"] : []),
  ];
}
