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
  const { rtaSeconds, rpaSeconds = 0, scheduleSeconds, dataBytes } = measured;
  const small = smallness(dataBytes, productionBytes);
  const uncounted = measured.rpaSeconds === undefined ? "the drill's writes lie elsewhere" : undefined;
  return {
    rto: judge(rtoSeconds, rtaSeconds, "recovery took", small),
    rpo: judge(rpoSeconds, Math.max(rpaSeconds, scheduleSeconds), "the schedule can lose", uncounted ?? small),
  };
}

/** @param doubt why a target that was kept shows nothing */
function judge(seconds: number, actual: number, what: string, doubt: string | undefined): Target {
  const why = `${what} ${showSeconds(actual)} of ${showSeconds(seconds)}`;
  if (actual > seconds) return { seconds, shown: "missed", why };
  return doubt ? { seconds, shown: "not shown", why: doubt } : { seconds, shown: "met", why };
}

function smallness(dataBytes: number, productionBytes: number | undefined): string | undefined {
  const data = `data ${showBytes(dataBytes)} in containers`;
  if (productionBytes === undefined) return `${data}, production size unknown`;
  return dataBytes < productionBytes ? `${data}, production ${showBytes(productionBytes)}` : undefined;
}
