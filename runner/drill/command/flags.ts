import type { Project } from "../../project.ts";
import type { RunOptions } from "../options.ts";

/** The options that every command has that runs drills. */
export interface DrillFlags {
  readonly without?: string;
  /** Other parameters for the recovery; empty where none is given. */
  readonly with?: Readonly<Record<string, string>>;
  readonly keep?: true;
  readonly patience?: number;
  readonly withoutBackup?: true;
  readonly withoutDisaster?: true;
}

export interface RehearseFlags extends DrillFlags {
  readonly json?: true;
  readonly sweep?: true;
}

export interface DrillCommandFlags extends DrillFlags {
  readonly json?: true;
  readonly shard?: string;
  readonly junit?: string;
  readonly affected?: true;
}

export function runOptions(flags: DrillFlags, project: Project, signal: AbortSignal): RunOptions {
  const { without, with: params = {}, keep, patience, withoutBackup, withoutDisaster } = flags;
  return {
    project,
    signal,
    ...(without !== undefined && { without }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(keep && { keep }),
    ...(patience !== undefined && { patience }),
    ...(withoutBackup && { withoutBackup }),
    ...(withoutDisaster && { withoutDisaster }),
  };
}
