import checkSets from "../../runbooks/backup/check-sets.ts";
import fetchScripts from "../../runbooks/backup/fetch-scripts.ts";
import drill from "../../runbooks/backup/lost-settings.drill.ts";
import pruneSets from "../../runbooks/backup/prune-sets.ts";
import recoverAuthority from "../../runbooks/backup/recover-authority.ts";
import restoreSecrets from "../../runbooks/backup/restore-secrets.ts";
import type { OperatorResult } from "../../runner/drill/world.ts";
import { drillFarm, type DrillFarm, type ForkedFarm } from "./drill-farm.ts";

/** The farm of the management servers' drill: hongkong has one generation, and iraq and ireland hold it. */
export const vaultFarm = (): Promise<DrillFarm> =>
  drillFarm(drill, { also: [checkSets, recoverAuthority, restoreSecrets, pruneSets, fetchScripts] });

/** Runs scripts as an operator who, where one stopped in the middle, gives it up with the next. */
export function operatorOf(fork: ForkedFarm): (script: string, ...args: readonly string[]) => Promise<OperatorResult> {
  let stopped: string | undefined;
  return async (script, ...args) => {
    const result = await fork.run(script, [...args, ...(stopped ? [`--break-lock=${stopped}`] : [])]);
    stopped = / --resume (\S+)/u.exec(result.stdout + result.stderr)?.[1];
    return result;
  };
}

export type { DrillFarm as VaultFarm, ForkedFarm } from "./drill-farm.ts";
