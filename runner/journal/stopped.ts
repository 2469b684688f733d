import { RunError } from "../run-error.ts";
import { fold, isOver, type RunState } from "./fold.ts";
import { readJournal, type Journal } from "./reader.ts";
import { runFolder, runsIn, type RunFolder } from "./state.ts";

/** A run as it is on record. */
export interface RecordedRun {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly state: RunState;
}

/** @throws RunError DB3101 */
export function loadRun(folder: RunFolder): RecordedRun {
  const journal = readJournal(folder.journal);
  return { folder, journal, state: fold(journal.records) };
}

/**
 * The runs that are not over, oldest first. One whose journal is damaged is told of and left out, but where it is the
 * newest: then the one that is meant cannot be told.
 * @param concerns by the name of a run
 * @throws RunError DB3101
 */
export function stoppedRuns(
  root: string,
  concerns: (run: string) => boolean,
  tell: (message: string) => void,
): readonly RecordedRun[] {
  const stopped: RecordedRun[] = [];
  const damaged: { readonly run: string; readonly error: RunError }[] = [];
  for (const run of runsIn(root).filter(concerns)) {
    try {
      const recorded = loadRun(runFolder(root, run));
      if (!isOver(recorded.state)) stopped.push(recorded);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      damaged.push({ run, error });
    }
  }
  const newest = stopped.at(-1)?.folder.run ?? "";
  for (const { run, error } of damaged) {
    if (run > newest) throw error;
    tell(`${run} is left out. ${error.message}`);
  }
  return stopped;
}
