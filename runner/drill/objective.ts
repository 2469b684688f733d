import type { Measured, Objective, Target } from "./result.ts";
import { showBytes, showSeconds } from "./show.ts";

/**
 * What a drill may say of an objective. A target that was missed on small data is missed; one that was kept is met only
 * where the world held as much data as production does.
 */
export function judgeObjective(
  target: { readonly rtoSeconds: number; readonly rpoSeconds: number },
  measured: Measured | undefined,
  productionBytes: number | undefined,
): Objective {
  const { rtoSeconds, rpoSeconds } = target;
  if (!measured) {
    const nothing = { shown: "not shown", why: "nothing was measured" } as const;
    return { rto: { seconds: rtoSeconds, ...nothing }, rpo: { seconds: rpoSeconds, ...nothing } };
  }
  const small = smallness(measured.dataBytes, productionBytes);
  return {
    rto: judge(rtoSeconds, measured.rtaSeconds, "recovery took", small),
    rpo: judge(rpoSeconds, Math.max(measured.rpaSeconds, measured.scheduleSeconds), "the schedule can lose", small),
  };
}

function judge(seconds: number, actual: number, what: string, small: string | undefined): Target {
  const why = `${what} ${showSeconds(actual)} of ${showSeconds(seconds)}`;
  if (actual > seconds) return { seconds, shown: "missed", why };
  return small ? { seconds, shown: "not shown", why: small } : { seconds, shown: "met", why };
}

function smallness(dataBytes: number, productionBytes: number | undefined): string | undefined {
  const data = `data ${showBytes(dataBytes)} in containers`;
  if (productionBytes === undefined) return `${data}, production size unknown`;
  return dataBytes < productionBytes ? `${data}, production ${showBytes(productionBytes)}` : undefined;
}
