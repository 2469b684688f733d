import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputDamaged } from "../journal/errors.ts";
import { fold } from "../journal/fold.ts";
import { sha256 } from "../journal/line.ts";
import { outputName } from "../journal/output.ts";
import { readJournal } from "../journal/reader.ts";
import type { Kept, Record, What } from "../journal/record.ts";
import { findRun, runsIn, stateRoot, type RunFolder } from "../journal/state.ts";
import { recordLine } from "../report/record-line.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Every run, newest first, with how it ended. A run whose journal is damaged is listed as that. */
export function listRuns(options: { readonly json?: true }): void {
  const root = stateRoot();
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

/** What happened in a run. @throws RunError */
export function showRun(run: string | undefined, options: { readonly json?: true }): void {
  const { journal } = findRun(stateRoot(), run);
  const { records, torn } = readJournal(journal);
  for (const record of records) say(options.json ? JSON.stringify(record) : recordLine(record));
  if (torn) process.stderr.write(`${torn}\n`);
}

/** Checks a run's journal, and each output that it tells of. @throws RunError naming the first damage */
export function verifyRun(run: string | undefined): void {
  const folder = findRun(stateRoot(), run);
  const { records, torn } = readJournal(folder.journal);
  const outputs = records.flatMap((record) => outputsOf(folder, record));
  for (const { path, kept } of outputs) {
    if (!existsSync(path) || sha256(readFileSync(path)) !== kept.sha256) throw outputDamaged(path);
  }
  say(`${folder.run}: ${records.length} records and ${outputs.length} outputs are as they were written.`);
  if (torn) process.stderr.write(`${torn}\n`);
}

function outputsOf(folder: RunFolder, record: Record): readonly { readonly path: string; readonly kept: Kept }[] {
  const what = partOf(record);
  if (what === undefined || !("step" in record) || record.step === undefined) return [];
  const name = join(folder.output, outputName(record.seq, record.step, what));
  const { stdout, stderr } = record.data as { readonly stdout?: Kept; readonly stderr?: Kept };
  const each = [
    { path: `${name}.stdout`, kept: stdout },
    { path: `${name}.stderr`, kept: stderr },
  ];
  return each.flatMap(({ path, kept }) => (kept && kept.bytes > 0 ? [{ path, kept }] : []));
}

/** The part of its step that a record keeps the output of. */
function partOf(record: Record): What | undefined {
  switch (record.type) {
    case "read":
      return "read";
    case "done":
      return "run";
    case "failed":
      return record.data.what;
    default:
      return undefined;
  }
}
