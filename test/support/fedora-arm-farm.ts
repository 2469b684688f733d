import drill from "../../runbooks/koji/lost-koji-database.drill.ts";
import { drilledFarm, type DrilledFarm } from "./drilled-farm.ts";

/** Brings the Koji farm to its steady state, or finds it there. */
export function fedoraArmFarm(): Promise<DrilledFarm> {
  return drilledFarm(drill);
}
