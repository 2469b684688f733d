import type { Drill } from "../../dsl/drill.ts";
import { hostWord } from "../../dsl/plan/hosts.ts";
import type { AssetRef, Plan } from "../../dsl/plan/plan.ts";
import type { Standing } from "./affected.ts";
import { evidenceFile } from "./evidence/store.ts";
import type { PartVerdict, Verdict } from "./result.ts";

/** Assets × disasters × drills, by the evidence. */
export interface Coverage {
  readonly cells: readonly Cell[];
  readonly gaps: readonly Gap[];
}

/** An asset that a disaster takes, and the drill that brings it back. Null is what there is no evidence of. */
export interface Cell {
  /** `host.asset` */
  readonly asset: string;
  readonly disaster: string;
  readonly runbook: string;
  readonly drill: string;
  readonly verdict: Verdict | null;
  /** Whether the probes turned red as declared. */
  readonly red: PartVerdict | null;
  readonly rtoSeconds: number;
  readonly rtaSeconds: number | null;
  readonly rpoSeconds: number;
  /** Null also where the drill's writes lie in nothing that was taken. */
  readonly rpaSeconds: number | null;
  /** Path relative to the project. */
  readonly evidence: string | null;
}

/** What has not been shown. */
export interface Gap {
  readonly asset: string;
  /** Null where no drill has a disaster that takes the asset. */
  readonly disaster: string | null;
  readonly why: string;
}

/** @param plans every runbook of the project */
export function coverageOf(
  drills: readonly { readonly drill: Drill; readonly standing: Standing }[],
  plans: readonly Plan[],
): Coverage {
  const cells = drills.flatMap(({ drill, standing }) => cellsOf(drill, standing));
  const unproven = drills.filter(({ standing }) => !standing.holds);
  const declared = drills.map(({ drill }) => drill.options);
  const rehearsed = new Set(declared.map(({ recovery }) => recovery.runbook.plan.id));
  const restored = new Set(declared.flatMap(({ backups }) => backups.map(({ runbook }) => runbook.plan.id)));
  return {
    cells,
    gaps: [
      ...unproven.flatMap(({ drill, standing }) =>
        drill.options.disaster.takes.map((asset) => ({
          asset: assetName(asset),
          disaster: drill.options.disaster.id,
          why: `${drill.id}: ${standing.why}`,
        })),
      ),
      ...plans.flatMap(({ id, recovers }) =>
        recovers && !rehearsed.has(id) ? [gap(recovers, `no drill rehearses ${id}`)] : [],
      ),
      ...plans.flatMap(({ id, backsUp }) =>
        backsUp && !restored.has(id) ? [gap(backsUp, `no drill restores what ${id} makes`)] : [],
      ),
    ],
  };
}

const gap = (asset: AssetRef, why: string): Gap => ({ asset: assetName(asset), disaster: null, why });

function cellsOf({ id, options: { disaster, recovery } }: Drill, { evidence }: Standing): readonly Cell[] {
  const found = evidence?.predicate.drill;
  const { objective } = recovery.runbook.plan;
  return disaster.takes.map((asset) => ({
    asset: assetName(asset),
    disaster: disaster.id,
    runbook: recovery.runbook.plan.id,
    drill: id,
    verdict: found?.verdict ?? null,
    red: found?.parts.red ?? null,
    ...objective,
    rtaSeconds: found?.measured?.rtaSeconds ?? null,
    rpaSeconds: found?.measured?.rpaSeconds ?? null,
    evidence: found ? evidenceFile({ drill: id, demonstration: [] }) : null,
  }));
}

/** `db1.database`; of a host that a parameter names, `<server>.database`. */
const assetName = ({ of, asset }: AssetRef): string => `${hostWord(of)}.${asset}`;
