import type { Stage } from "../course.ts";
import { ledgerSilent } from "../errors.ts";
import { until } from "../until.ts";
import type { LedgerEntry, World } from "../world.ts";

/** How many writes the ledger has acknowledged before a drill goes on: enough that a loss shows. */
export const ledgerWrites = 20;

/**
 * Starts the world's ledger, and goes on when enough was acknowledged. It keeps writing.
 * @returns what the farm held before: all of it had been acknowledged when the farm lived before
 */
export async function writeLedger(
  world: World,
  { progress, signal, patience }: Stage,
): Promise<readonly LedgerEntry[]> {
  const before = await world.ledger.surviving();
  await world.ledger.start();
  const fresh = await until(
    async () => since(before, await world.ledger.acknowledged()),
    (entries) => entries.length >= ledgerWrites,
    { patience, signal },
  );
  if (fresh.length < ledgerWrites) throw ledgerSilent(ledgerWrites, fresh.length, patience);
  progress(`${fresh.length} writes acknowledged`);
  return before;
}

/** What was acknowledged that the farm did not hold before. */
export function since(before: readonly LedgerEntry[], acknowledged: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const known = new Set(before.map(({ number }) => number));
  return acknowledged.filter(({ number }) => !known.has(number));
}
