import drill from "../../runbooks/postgres/lost-data-directory.drill.ts";
import { drillFarm, type DrillFarm } from "./drill-farm.ts";

export type { DrillFarm as PostgresFarm, ForkedFarm } from "./drill-farm.ts";

/** The farm of the first drill. */
export const postgresFarm = (): Promise<DrillFarm> => drillFarm(drill);

/** What the operator of the drill types to recover, after the script's name. */
export const recovery: readonly string[] = [
  ...Object.entries(drill.options.recovery.params ?? {}).map(([name, value]) => `--${name}=${value}`),
  ...Object.entries(drill.options.recovery.answers ?? {}).map(([step, answer]) => `--answer=${step}=${answer}`),
];

export { drill };
