import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fold, isOver, type RunState } from "../journal/fold.ts";
import { readJournal, type Journal } from "../journal/reader.ts";
import type { Begin, Record } from "../journal/record.ts";
import { newRunId } from "../journal/run-id.ts";
import { createRunFolder, findRun, runFolder, runsIn, type RunFolder } from "../journal/state.ts";
import { JournalWriter } from "../journal/writer.ts";
import { nothingToResume, notOneRun, runOfOther, runOver } from "./run-errors.ts";
import type { KitIdentity } from "./kit-identity.ts";
import { rehearsalFile } from "./rehearsed.ts";

/** A run that has stopped and can be resumed, as it is on record. */
export interface StoppedRun {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly state: RunState;
  /** The binding that it was called with, and where it is mirrored to. */
  readonly binding: string;
  readonly mirror?: string;
}

/** How a run was called: what of it a resume needs and no record holds. */
export interface Called {
  readonly binding: string;
  readonly mirror?: string | undefined;
}

/** A run whose first record is on disk. */
export interface NewRun {
  readonly folder: RunFolder;
  readonly journal: JournalWriter;
  readonly first: Record;
}

/** Begins the record of a new run, with a copy of the kit that it begins with. @throws RunError DB3102 */
export function createRun(root: string, begin: Begin, kit: KitIdentity, called: Called): NewRun {
  const run = newRunId(begin.runbook, new Date());
  return createRunFolder(root, run, (unborn) => {
    const told = [rehearsalFile(kit, begin.runbook)].filter((file) => existsSync(file));
    for (const path of [kit.script.path, kit.runtime.path, ...told])
      copyFileSync(path, join(unborn.kit, basename(path)));
    writeCalled(unborn, called);
    const journal = JournalWriter.create(unborn.journal, run);
    return { folder: runFolder(root, run), journal, first: journal.append({ type: "begin", data: begin }) };
  });
}

/**
 * The run to resume: the named one, or the only one of the runbook that has stopped before its end.
 * @throws RunError DB3101, DB3103, DB3313, DB3314, DB3317, DB3318
 */
export function findStopped(root: string, runbook: string, named: string | undefined): StoppedRun {
  if (named !== undefined) {
    const stopped = load(findRun(root, named));
    if (stopped.state.begin.runbook !== runbook) throw runOfOther(named, stopped.state.begin.runbook, runbook);
    if (isOver(stopped.state)) throw runOver(named, stopped.state.end?.verdict ?? "");
    return stopped;
  }
  const stopped = runsIn(root)
    .filter((run) => run.includes(`-${runbook}-`))
    .map((run) => load(runFolder(root, run)))
    .filter(({ state }) => state.begin.runbook === runbook && !isOver(state));
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
  const { binding, mirror } = JSON.parse(readFileSync(calledFile(folder), "utf8")) as Called;
  return { folder, journal, state: fold(journal.records), binding, ...(mirror !== undefined && { mirror }) };
}

export function writeCalled(folder: RunFolder, called: Called): void {
  writeFileSync(calledFile(folder), `${JSON.stringify({ v: 1, ...called })}\n`, { mode: 0o600 });
}

function calledFile(folder: RunFolder): string {
  return join(folder.path, "called.json");
}
