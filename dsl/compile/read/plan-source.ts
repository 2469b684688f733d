import type { Plan, PlanSource } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import type { Places } from "../load/message.ts";
import type { Place } from "../load/stack.ts";
import { commentAbove, docOfDefaultExport } from "./comments.ts";
import { pathIn } from "./path-in.ts";
import type { SourceReader } from "./reader.ts";

/** Where a plan's parts stand in their source, and what the author wrote about them. */
export function readPlanSource(
  reader: SourceReader,
  root: string,
  file: string,
  plan: Plan,
  places: Places,
): PlanSource {
  const [call] = places.runbook;
  const node = call && reader.nodeAt(call);
  const recorded = new Set(
    [...Object.values(places.steps), places.runbook].flatMap(([place]) => (place ? [key(place)] : [])),
  );
  const told = new Set<string>();
  const comment = (chain: readonly Place[]): string | undefined => {
    for (const [depth, place] of chain.entries()) {
      // What was written above the call of a procedure is told once, with the first of its steps.
      if (depth > 0 && (recorded.has(key(place)) || told.has(key(place)))) continue;
      if (depth > 0) told.add(key(place));
      const above = reader.nodeAt(place);
      const text = above && commentAbove(above);
      if (text) return text;
    }
    return undefined;
  };
  const steps = [...walk(plan.steps)].map(({ id }) => {
    const chain = places.steps[id] ?? [];
    const [place] = chain;
    const text = comment(chain);
    const elsewhere = place && place.file !== file ? { file: pathIn(root, place.file) } : {};
    return [id, { ...elsewhere, line: place?.line ?? 0, ...(text && { comment: text }) }] as const;
  });
  return {
    v: plan.v,
    id: plan.id,
    file: pathIn(root, file),
    doc: node ? docOfDefaultExport(node) : "",
    steps: Object.fromEntries(steps),
  };
}

function key({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
