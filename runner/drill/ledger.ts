import { isDeepStrictEqual } from "node:util";
import type { AssetRef } from "../../dsl/plan/plan.ts";
import { toRanges, type Range } from "./ranges.ts";
import type { LedgerEntry } from "./world.ts";

/** What was lost, by the ledger. */
export interface Loss {
  readonly acknowledged: number;
  /** How many acknowledged writes are gone. */
  readonly lost: number;
  /** Their numbers. */
  readonly numbers: readonly Range[];
  readonly lastAcknowledged?: LedgerEntry;
  readonly newestSurviving?: LedgerEntry;
  /** Seconds from the newest write before which nothing is lost to the last one that was acknowledged. */
  readonly seconds: number;
}

/** Whether a disaster takes something that the ledger lies in: only then does a ledger that is whole say that nothing was lost. */
export function ledgerIsStruck(ledgerIn: readonly AssetRef[], takes: readonly AssetRef[]): boolean {
  return takes.some((taken) => ledgerIn.some((place) => isDeepStrictEqual(place, taken)));
}

/**
 * What is missing of the writes that were acknowledged.
 * @param lives what was acknowledged, one list for each stretch that the farm was alive, in order; the time between two
 *   (a steady state lies frozen between its making and its fork) is none that the farm lived, and is not counted
 * @param surviving what the farm holds now; a write that it holds and never acknowledged is no loss, and no gain
 */
export function measureLoss(lives: readonly (readonly LedgerEntry[])[], surviving: readonly LedgerEntry[]): Loss {
  const held = new Set(surviving.map(({ number }) => number));
  const acknowledged = lives.flat();
  const lost = acknowledged.filter(({ number }) => !held.has(number));
  const lastAcknowledged = acknowledged.at(-1);
  const newestSurviving = acknowledged.findLast(({ number }) => held.has(number));
  return {
    acknowledged: acknowledged.length,
    lost: lost.length,
    numbers: toRanges(lost.map(({ number }) => number)),
    ...(lastAcknowledged && { lastAcknowledged }),
    ...(newestSurviving && { newestSurviving }),
    seconds: secondsLost(lives, held),
  };
}

function secondsLost(lives: readonly (readonly LedgerEntry[])[], held: ReadonlySet<number>): number {
  let milliseconds = 0;
  let losing = false;
  for (const life of lives) {
    const firstLost = losing ? 0 : life.findIndex(({ number }) => !held.has(number));
    if (firstLost < 0) continue;
    losing = true;
    const [from, to] = [life[Math.max(0, firstLost - 1)], life.at(-1)];
    if (from && to) milliseconds += Date.parse(to.at) - Date.parse(from.at);
  }
  return milliseconds / 1000;
}
