import drill from "../../runbooks/koji/lost-koji-database.drill.ts";
import { drillFarm, recoveryOf, type DrillFarm } from "./drill-farm.ts";

/** The Koji farm, as its drills fork it. */
export const kojiFarm = (): Promise<DrillFarm> => drillFarm(drill);

export const recovery = recoveryOf(drill);

export { drill };
export type { DrillFarm, ForkedFarm } from "./drill-farm.ts";
