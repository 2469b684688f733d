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
}

/** Measures a farm that works again. */
export async function measure(world: World, { instants, records, before, everySeconds }: Seen): Promise<Measured> {
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
    rpaSeconds: loss.seconds,
    loss,
    scheduleSeconds: everySeconds,
    dataBytes,
  };
}
