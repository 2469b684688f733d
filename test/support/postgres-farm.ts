import drill from "../../runbooks/postgres/lost-data-directory.drill.ts";
import { drilledFarm, type DrilledFarm } from "./drilled-farm.ts";

/** The farm of the first drill. */
export type PostgresFarm = DrilledFarm;

export type { ForkedFarm } from "./drilled-farm.ts";

/** Brings the farm of the first drill to its steady state, or finds it there. */
export function postgresFarm(): Promise<PostgresFarm> {
  return drilledFarm(drill);
}

/** What the operator of the drill types to recover, after the script's name. */
export const recovery: readonly string[] = [
  ...Object.entries(drill.options.recovery.params ?? {}).map(([name, value]) => `--${name}=${value}`),
  ...Object.entries(drill.options.recovery.answers ?? {}).map(([step, answer]) => `--answer=${step}=${answer}`),
];

export { drill };
