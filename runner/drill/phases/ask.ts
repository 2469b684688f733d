import type { Stage } from "../course.ts";
import type { Asked } from "../errors.ts";
import { until } from "../until.ts";
import type { ProbeAnswer, World } from "../world.ts";

/** Asks each probe once, all at a time, and tells what they say. */
export async function askAll(world: World, probes: readonly string[], stage: Stage): Promise<readonly Asked[]> {
  return tell(await ask(world, probes), stage);
}

/** Asks until every probe gives the answer, for as long as the patience lasts; gives what each said last. */
export async function askUntil(
  answer: ProbeAnswer["answer"],
  world: World,
  probes: readonly string[],
  stage: Stage,
): Promise<readonly Asked[]> {
  const answered = (asked: readonly Asked[]): boolean => asked.every((each) => each.answer === answer);
  return tell(await until(() => ask(world, probes), answered, stage), stage);
}

function ask(world: World, probes: readonly string[]): Promise<readonly Asked[]> {
  return Promise.all(probes.map(async (probe) => ({ probe, ...(await world.probe(probe)) })));
}

function tell(all: readonly Asked[], { phase, emit }: Stage): readonly Asked[] {
  for (const asked of all) emit({ type: "probe", phase, asked });
  return all;
}
