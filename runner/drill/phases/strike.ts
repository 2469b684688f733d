import type { Disaster } from "../../../dsl/disaster.ts";
import type { Stage } from "../course.ts";
import type { World } from "../world.ts";

/**
 * Lets the disaster strike while the ledger writes, that is between two backups.
 * @param disaster none where it is replaced by nothing, to see the drill notice
 * @returns the moment before the first blow
 */
export async function strike(world: World, disaster: Disaster | undefined, { progress }: Stage): Promise<number> {
  progress(disaster ? disaster.title : "nothing strikes, to see the drill notice");
  const struck = Date.now();
  if (disaster) await world.strike(disaster);
  return struck;
}
