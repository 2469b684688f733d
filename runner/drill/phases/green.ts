import type { Stage } from "../course.ts";
import type { Asked, DrillError } from "../errors.ts";
import type { World } from "../world.ts";
import { askUntil } from "./ask.ts";

/** Waits until every probe is green, and gives the moment. @throws DrillError made of those that did not turn green */
export async function expectGreen(
  world: World,
  probes: readonly string[],
  otherwise: (notGreen: readonly Asked[]) => DrillError,
  stage: Stage,
): Promise<number> {
  const asked = await askUntil("yes", world, probes, stage);
  const green = Date.now();
  const notGreen = asked.filter(({ answer }) => answer !== "yes");
  if (notGreen.length > 0) throw otherwise(notGreen);
  return green;
}
