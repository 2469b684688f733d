import type { Stage } from "../course.ts";
import type { Asked } from "../errors.ts";
import { until } from "../until.ts";
import type { ProbeAnswer, World } from "../world.ts";

/** Asks each probe once, all at a time, and tells what they say. */
export async function askAll(world: World, probes: readonly string[], stage: Stage): Promise<readonly Asked[]> {
  return tell(await Promise.all(probes.map((probe) => ask(world, probe))), stage);
}

/**
 * Asks each probe until it gives the answer, for as long as the patience lasts; gives what each said last. Each goes by
 * itself: one that takes its time, because it builds something, keeps no other from being asked again.
 */
export async function askUntil(
  answer: ProbeAnswer["answer"],
  world: World,
  probes: readonly string[],
  stage: Stage,
): Promise<readonly Asked[]> {
  const given = (asked: Asked): boolean => asked.answer === answer;
  return tell(await Promise.all(probes.map((probe) => until(() => ask(world, probe), given, stage))), stage);
}

async function ask(world: World, probe: string): Promise<Asked> {
  return { probe, ...(await world.probe(probe)) };
}

function tell(all: readonly Asked[], { phase, emit }: Stage): readonly Asked[] {
  for (const asked of all) emit({ type: "probe", phase, asked });
  return all;
}
