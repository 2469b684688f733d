import { copyFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { isOver } from "../journal/fold.ts";
import { holdRun } from "../journal/hold.ts";
import { meant, standing, type Back } from "../journal/meant.ts";
import type { Begin, Record } from "../journal/record.ts";
import { isRunOf, newRunId } from "../journal/run-id.ts";
import { createRunFolder, findRun, runFolder, type RunFolder } from "../journal/state.ts";
import { loadRun, stoppedRuns, type RecordedRun } from "../journal/stopped.ts";
import { JournalWriter } from "../journal/writer.ts";
import { readCalled, writeCalled, type Called } from "./called.ts";
import { nothingToResume, notOneRun, runOfOther, runOver } from "./run-errors.ts";
import type { KitIdentity } from "./kit-identity.ts";
import { rehearsalFile } from "./rehearsed.ts";

/** A run that has stopped and can be resumed, as it is on record. This process holds it. */
export interface StoppedRun extends RecordedRun {
  /** The binding that it was called with, where that is still known; and where it is mirrored to. */
  readonly binding?: string;
  readonly mirror?: string;
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
  const begun = createRunFolder(root, run, (unborn) => {
    const told = [rehearsalFile(kit, begin.runbook)].filter((file) => existsSync(file));
    for (const path of [kit.script.path, kit.runtime.path, ...told])
      copyFileSync(path, join(unborn.kit, basename(path)));
    writeCalled(unborn, called);
    holdRun(unborn);
    const journal = JournalWriter.create(unborn.journal, run);
    return { folder: runFolder(root, run), journal, first: journal.append({ type: "begin", data: begin }) };
  });
  begun.journal.renamed(begun.folder.journal);
  return begun;
}

/**
 * The run to go on with or to take back: the named one, or the only one of the runbook that can be meant.
 * @param tell of runs that are left out
 * @throws RunError DB3101, DB3103, DB3106, DB3313, DB3314, DB3317, DB3318
 */
export function findStopped(
  root: string,
  runbook: string,
  named: string | undefined,
  mode: Back,
  tell: (message: string) => void,
): StoppedRun {
  const folder = named === undefined ? onlyStopped(root, runbook, mode, tell) : findRun(root, named);
  holdRun(folder);
  const recorded = loadRun(folder);
  const { begin, end } = recorded.state;
  if (begin.runbook !== runbook) throw runOfOther(folder.run, begin.runbook, runbook);
  if (isOver(recorded.state)) throw runOver(folder.run, end?.verdict ?? "", mode);
  const mirrored = recorded.journal.records.findLast((each) => each.type === "mirror");
  const { binding, mirror = mirrored?.data.host } = readCalled(folder);
  return { ...recorded, ...(binding !== undefined && { binding }), ...(mirror !== undefined && { mirror }) };
}

function onlyStopped(root: string, runbook: string, mode: Back, tell: (message: string) => void): RunFolder {
  const named = stoppedRuns(root, (run) => isRunOf(runbook, run), tell);
  const stopped = named.filter(({ state }) => state.begin.runbook === runbook);
  const fitting = meant(stopped, mode, tell);
  const [only, another] = fitting;
  if (!only) throw nothingToResume(runbook, root, mode);
  if (another) throw notOneRun(runbook, fitting.map(standing), mode);
  return only.folder;
}
