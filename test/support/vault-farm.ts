import checkSets from "../../runbooks/backup/check-sets.ts";
import fetchScripts from "../../runbooks/backup/fetch-scripts.ts";
import lostRepository from "../../runbooks/backup/lost-repository.drill.ts";
import drill from "../../runbooks/backup/lost-settings.drill.ts";
import pruneRepository from "../../runbooks/backup/prune-repository.ts";
import pruneSets from "../../runbooks/backup/prune-sets.ts";
import recoverAuthority from "../../runbooks/backup/recover-authority.ts";
import restoreSecrets from "../../runbooks/backup/restore-secrets.ts";
import writeDrive from "../../runbooks/backup/write-drive.ts";
import { drillFarm, type DrillFarm, type ForkedFarm } from "./drill-farm.ts";

/** The farm of the management servers' drill: hongkong has one generation, and iraq and ireland hold it. */
export const vaultFarm = (): Promise<DrillFarm> =>
  drillFarm(drill, { also: [checkSets, recoverAuthority, restoreSecrets, pruneSets, fetchScripts, writeDrive] });

/** The farm of the store's drill: iraq has one copy of it. */
export const repositoryFarm = (): Promise<DrillFarm> => drillFarm(lostRepository, { also: [pruneRepository] });

/** What a script told of its run, and how it ended. */
export interface Told {
  readonly code: number;
  /** Its records as they are in the journal, and the last screen. */
  readonly said: string;
}

/** Runs a script as an operator. */
export async function runScript(fork: ForkedFarm, script: string, ...args: readonly string[]): Promise<Told> {
  const { code, stdout, stderr } = await fork.run(script, ["--json", ...args]);
  return { code, said: stdout + stderr };
}

/** Runs scripts as an operator who, where one stopped in the middle, gives it up with the next. */
export function operatorOf(fork: ForkedFarm): (script: string, ...args: readonly string[]) => Promise<Told> {
  let stopped: string | undefined;
  return async (script, ...args) => {
    const told = await runScript(fork, script, ...args, ...(stopped ? [`--break-lock=${stopped}`] : []));
    stopped = / --resume (\S+)/u.exec(told.said)?.[1];
    return told;
  };
}

export type { DrillFarm as VaultFarm, ForkedFarm } from "./drill-farm.ts";
