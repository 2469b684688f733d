import type { Call, Drill } from "../../dsl/drill.ts";
import type { Project } from "../project.ts";
import { unknownParameter } from "./errors.ts";

/** How a drill is to be run. */
export interface RunOptions {
  /** Where evidence goes, and whose sources are compiled and hashed. */
  readonly project: Project;
  /** A step that is left out, by title or id, `runbook:step` where several have it. */
  readonly without?: string;
  /** Parameters that the recovery gets instead of those declared, or beside them. */
  readonly params?: Readonly<Record<string, string>>;
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

/** What is left out, or made different, to see the drill go red, in words; nothing for a drill that counts. */
export function demonstrationOf({
  without,
  params = {},
  withoutBackup,
  withoutDisaster,
}: RunOptions): readonly string[] {
  return [
    ...(without ? [`without the step "${without}"`] : []),
    ...Object.entries(params).map(([name, value]) => `with ${name}=${value}`),
    ...(withoutBackup ? ["without a backup"] : []),
    ...(withoutDisaster ? ["without the disaster"] : []),
  ];
}

/** The recovery as it is called in this run. @throws DrillError when it has no such parameter */
export function recoveryOf({ options: { recovery } }: Drill, { params = {} }: RunOptions): Call {
  const declared = Object.keys(recovery.runbook.plan.params);
  for (const name of Object.keys(params))
    if (!declared.includes(name)) throw unknownParameter(name, recovery.runbook.plan.id, declared);
  return { ...recovery, params: { ...recovery.params, ...params } };
}
