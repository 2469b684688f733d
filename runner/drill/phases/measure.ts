import type { Record as JournalRecord } from "../../journal/record.ts";
import { measureLoss } from "../ledger.ts";
import type { Measured } from "../result.ts";
import { splitRta, wholeOf, type Instants } from "../rta.ts";
import type { LedgerEntry, World } from "../world.ts";
import { since } from "./ledger.ts";

/** What was seen before there was something to measure. */
export interface Seen {
  readonly instants: Instants;
  /** The journal of the recovery. */
  readonly records: readonly JournalRecord[];
  /** What the farm held when it was forked. */
  readonly before: readonly LedgerEntry[];
  readonly everySeconds: number;
  /** Whether the ledger lies in what the disaster took. */
  readonly struckLedger: boolean;
}

/** Measures a farm that works again. */
export async function measure(
  world: World,
  { instants, records, before, everySeconds, struckLedger }: Seen,
): Promise<Measured> {
  const [acknowledged, surviving, dataBytes] = await Promise.all([
    world.ledger.acknowledged(),
    world.ledger.surviving(),
    world.dataBytes(),
  ]);
  const loss = measureLoss([before, since(before, acknowledged)], surviving);
  const split = splitRta(records, instants);
  return {
    rtaSeconds: wholeOf(split),
    split,
    // A loss where nothing was struck is the recovery's own doing, and is told.
    ...((struckLedger || loss.lost > 0) && { rpaSeconds: loss.seconds, loss }),
    scheduleSeconds: everySeconds,
    dataBytes,
  };
}
