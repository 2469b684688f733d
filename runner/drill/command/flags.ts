import type { Project } from "../../project.ts";
import type { RunOptions } from "../options.ts";

/** The options that every command has that runs drills. */
export interface DrillFlags {
  readonly without?: string;
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
  const { without, keep, patience, withoutBackup, withoutDisaster } = flags;
  return {
    project,
    signal,
    ...(without !== undefined && { without }),
    ...(keep && { keep }),
    ...(patience !== undefined && { patience }),
    ...(withoutBackup && { withoutBackup }),
    ...(withoutDisaster && { withoutDisaster }),
  };
}
