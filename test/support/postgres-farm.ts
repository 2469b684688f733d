import checkLog from "../../runbooks/postgres/check-log.ts";
import drill from "../../runbooks/postgres/lost-data-directory.drill.ts";
import lostMinutes from "../../runbooks/postgres/lost-minutes.drill.ts";
import pruneLog from "../../runbooks/postgres/prune-log.ts";
import { drillFarm, recoveryOf, type DrillFarm } from "./drill-farm.ts";

/** The farm of the first drill. */
export const postgresFarm = (): Promise<DrillFarm> => drillFarm(drill);

/** The farm whose database server hands its log over: the archive has a base backup, and log from after it. */
export const logFarm = (): Promise<DrillFarm> => drillFarm(lostMinutes, { also: [pruneLog, checkLog] });

export const recovery = recoveryOf(drill);
export const recoveryByLog = recoveryOf(lostMinutes);

export { drill };
export type { DrillFarm as PostgresFarm, ForkedFarm } from "./drill-farm.ts";
