import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { journalNotWritten } from "../journal/errors.ts";
import { fold, type RunState } from "../journal/fold.ts";
import { readJournal, type Journal } from "../journal/reader.ts";
import type { Begin } from "../journal/record.ts";
import { newRunId } from "../journal/run-id.ts";
import { createRunFolder, findRun, runFolder, runsIn, type RunFolder } from "../journal/state.ts";
import { JournalWriter } from "../journal/writer.ts";
import { nothingToResume, notOneRun, runComplete, runOfOther } from "./run-errors.ts";
import type { KitIdentity } from "./kit-identity.ts";

/** A run that has stopped and can be resumed, as it is on record. */
export interface StoppedRun {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly state: RunState;
  /** The binding that it was called with. */
  readonly binding: string;
}

/** Makes the folder of a new run: its journal, empty, and a copy of the kit that it begins with. */
export function createRun(root: string, begin: Begin, kit: KitIdentity, binding: string): NewRun {
  const at = new Date();
  const folder = createRunFolder(root, newRunId(begin.runbook, at));
  try {
    for (const { path } of [kit.script, kit.runtime]) copyFileSync(path, join(folder.kit, basename(path)));
    writeFileSync(calledFile(folder), `${JSON.stringify({ v: 1, binding })}\n`, { mode: 0o600 });
  } catch (error) {
    throw journalNotWritten(folder.path, error instanceof Error ? error.message : String(error));
  }
  return { folder, journal: JournalWriter.create(folder.journal, folder.run) };
}

export interface NewRun {
  readonly folder: RunFolder;
  readonly journal: JournalWriter;
}

/**
 * The run to resume: the named one, or the only one of the runbook that has stopped before its end.
 * @throws RunError DB3101, DB3103, DB3313, DB3314, DB3317, DB3318
 */
export function findStopped(root: string, runbook: string, named: string | undefined): StoppedRun {
  if (named !== undefined) {
    const stopped = load(findRun(root, named));
    if (stopped.state.begin.runbook !== runbook) throw runOfOther(named, stopped.state.begin.runbook, runbook);
    if (stopped.state.end?.verdict === "completed") throw runComplete(named);
    return stopped;
  }
  const stopped = runsIn(root)
    .filter((run) => run.includes(`-${runbook}-`))
    .map((run) => load(runFolder(root, run)))
    .filter(({ state }) => state.begin.runbook === runbook && state.end?.verdict !== "completed");
  const [only, another] = stopped;
  if (!only) throw nothingToResume(runbook, root);
  if (another)
    throw notOneRun(
      runbook,
      stopped.map(({ folder }) => folder.run),
    );
  return only;
}

function load(folder: RunFolder): StoppedRun {
  const journal = readJournal(folder.journal);
  const { binding } = JSON.parse(readFileSync(calledFile(folder), "utf8")) as { readonly binding: string };
  return { folder, journal, state: fold(journal.records), binding };
}

function calledFile(folder: RunFolder): string {
  return join(folder.path, "called.json");
}
