import type { DrillResult, PartVerdict, Verdict, Why } from "../result.ts";

/** The one line of `--json` that a drill gives. Members are added to it, never renamed. */
export interface DrillLine {
  readonly drill: string;
  readonly verdict: Verdict;
  readonly steadyState: PartVerdict;
  readonly injection: PartVerdict;
  readonly red: PartVerdict;
  readonly recovery: PartVerdict;
  readonly acceptance: PartVerdict;
  readonly nextCycle: PartVerdict;
  readonly cleanup: PartVerdict;
  /** Null where it was not measured. */
  readonly rtaSeconds: number | null;
  readonly rpaSeconds: number | null;
  /** How many acknowledged writes were lost; null, as `rpaSeconds` is, also where the drill's writes lie in nothing that was taken. */
  readonly lost: number | null;
  readonly reasons: DrillResult["reasons"] & { readonly [part: string]: Why };
  readonly demonstration: readonly string[];
  readonly automated: readonly string[];
  /** Path relative to the project. */
  readonly evidence: string | null;
}

export function drillLine(result: DrillResult): DrillLine {
  const { drill, verdict, parts, measured, reasons, demonstration, automated, evidence } = result;
  return {
    drill,
    verdict,
    ...parts,
    rtaSeconds: measured?.rtaSeconds ?? null,
    rpaSeconds: measured?.rpaSeconds ?? null,
    lost: measured?.loss?.lost ?? null,
    reasons,
    demonstration,
    automated,
    evidence: evidence ?? null,
  };
}
