import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { makeFolders } from "../make-folders.ts";
import { nearest } from "../nearest.ts";
import { RunError } from "../run-error.ts";
import { JournalNotWritten, journalNotWritten, noRuns, runNotFound, stateUnread } from "./errors.ts";
import { syncFolder } from "./sync.ts";

/** Where runs are recorded: `${DRILLBOOK_STATE:-~/.local/state/drillbook}`, unless a place was given. */
export function stateRoot(given?: string): string {
  return resolve(given ?? (process.env["DRILLBOOK_STATE"] || usualRoot()));
}

/** Where runs are recorded when nobody says otherwise. */
export function usualRoot(): string {
  return join(homedir(), ".local", "state", "drillbook");
}

/** The folder of one run. */
export interface RunFolder {
  readonly path: string;
  readonly run: string;
  readonly journal: string;
  /** Outputs, all bytes. */
  readonly output: string;
  /** The script and the runtime that the run began with, and how it was called. */
  readonly kit: string;
}

export function runFolder(root: string, run: string): RunFolder {
  const path = join(root, run);
  return { path, run, journal: join(path, "journal.jsonl"), output: join(path, "output"), kit: join(path, "kit") };
}

/**
 * Makes the folder of a new run and lets `fill` put into it what a run begins with. Under its name it is there whole or
 * not at all: a runner killed meanwhile leaves no run behind. @throws RunError DB3102
 */
export function createRunFolder<R>(root: string, run: string, fill: (folder: RunFolder) => R): R {
  const unborn = runFolder(root, `.${run}`);
  const { path } = runFolder(root, run);
  try {
    makeFolders(root, 0o700);
    mkdirSync(unborn.path, { mode: 0o700 });
    try {
      for (const made of [unborn.output, unborn.kit]) mkdirSync(made, { mode: 0o700 });
      const filled = fill(unborn);
      renameSync(unborn.path, path);
      syncFolder(root);
      return filled;
    } catch (error) {
      discard(unborn.path);
      throw error;
    }
  } catch (error) {
    // There is no run whose folder could be named.
    if (error instanceof JournalNotWritten) throw journalNotWritten(root, error.why);
    if (error instanceof RunError) throw error;
    throw journalNotWritten(root, error instanceof Error ? error.message : String(error));
  }
}

/** Removes a folder that did not come to be a run's, where that can be done. */
function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Why it was to be removed is what must be told.
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** The runs on record, oldest first. @throws RunError DB3107 */
export function runsIn(root: string): readonly string[] {
  return namesIn(root)
    .filter((run) => !run.startsWith(".") && existsSync(runFolder(root, run).journal))
    .sort();
}

function namesIn(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw stateUnread(root, error instanceof Error ? error.message : String(error));
  }
}

/** The run of that name, or the newest one. @throws RunError DB3103, DB3104, DB3107 */
export function findRun(root: string, run: string | undefined): RunFolder {
  const runs = runsIn(root);
  const found = run === undefined ? runs.at(-1) : runs.find((each) => each === run);
  if (found !== undefined) return runFolder(root, found);
  throw run === undefined ? noRuns(root) : runNotFound(run, root, nearest(run, runs));
}
