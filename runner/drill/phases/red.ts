import type { DrillOptions } from "../../../dsl/drill.ts";
import type { Stage } from "../course.ts";
import { didNothing, notAllRed, notStillGreen } from "../errors.ts";
import type { World } from "../world.ts";
import { askAll, askUntil } from "./ask.ts";

/**
 * Waits until every probe declared red is red, sees that those declared still green are green, and gives the moment
 * when all was red. Red is an answer of no: an unknown shows nothing.
 * @throws DrillError
 */
export async function expectRed(
  world: World,
  { red, stillGreen }: Pick<DrillOptions<string>, "red" | "stillGreen">,
  stage: Stage,
): Promise<number> {
  const asked = await askUntil("no", world, Object.keys(red), stage);
  const seen = Date.now();
  const stayed = asked.filter(({ answer }) => answer === "yes");
  if (stayed.length > 0 && stayed.length === asked.length) throw didNothing(stayed);
  const notRed = asked.filter(({ answer }) => answer !== "no");
  if (notRed.length > 0) throw notAllRed(notRed);
  const turned = (await askAll(world, Object.keys(stillGreen), stage)).filter(({ answer }) => answer !== "yes");
  if (turned.length > 0) throw notStillGreen(turned);
  return seen;
}
