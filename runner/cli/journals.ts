import { fold } from "../journal/fold.ts";
import { readJournal } from "../journal/reader.ts";
import { findRun, runsIn, stateRoot, type RunFolder } from "../journal/state.ts";
import { timelineOf } from "../journal/timeline.ts";
import { holdOutputs, headOf, since } from "../journal/verify.ts";
import { styleOf } from "../report/style.ts";
import { timelineText } from "../report/timeline/text.ts";
import { pageNotWritten } from "./errors.ts";

/** Where the runs are, when it is not the usual place. */
export interface Place {
  readonly state?: string;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Every run, newest first, with how it ended. A run whose journal is damaged is listed as that. @throws RunError */
export function listRuns(options: Place & { readonly json?: true }): void {
  const root = stateRoot(options.state);
  for (const run of runsIn(root).toReversed()) {
    const verdict = verdictOf(findRun(root, run));
    say(options.json ? JSON.stringify({ v: 1, run, verdict }) : `${run}  ${verdict}`);
  }
}

function verdictOf({ journal }: RunFolder): string {
  try {
    return fold(readJournal(journal).records).end?.verdict ?? "stopped without an end";
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}

/** What happened in a run: a timeline, or the records as they are, or a page for a report. @throws RunError */
export async function showRun(
  run: string | undefined,
  options: Place & { readonly json?: true; readonly html?: string },
): Promise<void> {
  const journal = readJournal(findRun(stateRoot(options.state), run).journal);
  const { records, torn } = journal;
  if (options.html !== undefined) {
    const { timelineHtml } = await import("../report/timeline/html.ts");
    await write(options.html, timelineHtml(timelineOf(records), journal.last, torn));
  } else if (options.json) for (const record of records) say(JSON.stringify(record));
  else for (const line of timelineText(timelineOf(records), journal.last, styleOf(process.stdout))) say(line);
  if (torn) process.stderr.write(`${torn}\n`);
}

/** `-` is the terminal, or wherever stdout goes. */
async function write(file: string, text: string): Promise<void> {
  if (file === "-") return void process.stdout.write(text);
  try {
    await (await import("node:fs/promises")).writeFile(file, text);
  } catch (error) {
    throw pageNotWritten(file, error instanceof Error ? error.message : String(error));
  }
}

/** The digest of a run's last record, to be kept elsewhere. @throws RunError */
export function showHead(run: string | undefined, options: Place): void {
  say(headOf(readJournal(findRun(stateRoot(options.state), run).journal)));
}

/**
 * Checks a run's journal, and each output that it tells of; and, against a head that was kept elsewhere, that nothing
 * was cut off its end. @throws RunError naming the first damage
 */
export function verifyRun(run: string | undefined, options: Place & { readonly head?: string }): void {
  const folder = findRun(stateRoot(options.state), run);
  const journal = readJournal(folder.journal);
  const later = options.head === undefined ? undefined : since(journal, options.head, folder.journal);
  const outputs = holdOutputs(folder, journal.records);
  say(`${folder.run}: ${journal.records.length} records and ${outputs} outputs are as they were written.`);
  if (later === 0) say("The head is that of its last record: nothing was cut off, nothing was added.");
  else if (later !== undefined) say(`The head is that of an earlier record: ${counted(later)} added since.`);
  say(`Head: ${headOf(journal)}`);
  if (journal.torn) process.stderr.write(`${journal.torn}\n`);
}

function counted(records: number): string {
  return records === 1 ? "1 record was" : `${records} records were`;
}
