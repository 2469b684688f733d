import drill from "../../runbooks/postgres/lost-data-directory.drill.ts";
import { drillFarm, recoveryOf, type DrillFarm } from "./drill-farm.ts";

/** The farm of the first drill. */
export const postgresFarm = (): Promise<DrillFarm> => drillFarm(drill);

export const recovery = recoveryOf(drill);

export { drill };
export type { DrillFarm as PostgresFarm, ForkedFarm } from "./drill-farm.ts";
