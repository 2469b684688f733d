import type { Drill } from "../../../dsl/drill.ts";
import { removable } from "../without.ts";
import { readEvidence } from "../evidence/store.ts";
import type { DrillResult } from "../result.ts";
import { showSeconds } from "../show.ts";
import type { WorldKind } from "../world.ts";

/**
 * What a rehearsal is going to do and what it costs, told before it begins.
 * @param root the project's folder, where the evidence of the last time lies
 */
export async function costOf(drills: readonly Drill[], kinds: readonly WorldKind[], root: string): Promise<string> {
  const last = await Promise.all(drills.map(({ id }) => lastTime(id, root)));
  const costs = kinds.map(({ cost }) => cost);
  const sum = (of: (cost: WorldKind["cost"]) => number): number => costs.reduce((all, cost) => all + of(cost), 0);
  const memory = Math.max(...costs.map(({ memoryMiB }) => memoryMiB));
  return [
    `Rehearses ${drills.map(({ id }) => id).join(", ")} on machines of its own, which are removed at the end.`,
    `  time    ${showSeconds(sum(({ firstSeconds }) => firstSeconds))} to bring up the machines the first time, ` +
      `${showSeconds(sum(({ nextSeconds }) => nextSeconds))} from then on; ${last.join(", ")}`,
    `  disk    ${sum(({ diskMiB }) => diskMiB)} MiB, kept for the next time`,
    `  memory  ${memory} MiB while it runs`,
    "  needs   a container engine: it is found, started or, where there is none, installed",
    "",
  ].join("\n");
}

async function lastTime(drill: string, root: string): Promise<string> {
  // What the last time left may be of another version, or damaged: this time writes it anew.
  const evidence = await readEvidence(root, drill).catch(() => undefined);
  if (!evidence) return `${drill} has never been rehearsed here`;
  return `${drill} took ${showSeconds(evidence.predicate.drill.seconds)} the last time`;
}

/** What a person may want to try after a drill. */
export function nextCommand({ id, options }: Drill, result: DrillResult): string {
  const rehearse = `npm run rehearse -- ${id}`;
  if (result.kept) return "npm run rehearse -- --sweep (removes what was kept)";
  if (result.demonstration.length > 0 || !result.evidence) return `${rehearse} (the whole of it)`;
  if (result.verdict === "void") return "npm run -s drillbook -- doctor";
  if (result.verdict === "failed") return `${rehearse} --keep (leaves the machines to look at)`;
  const { backups, recovery, nextCycle } = options;
  const plans = [...backups, recovery, ...nextCycle.backups].map(({ runbook }) => runbook.plan);
  const step = removable(recovery.runbook.plan, plans) ?? "";
  return `${rehearse} --without "${step}" (shows the drill notice that a step is missing)`;
}
