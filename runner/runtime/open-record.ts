import type { RunState } from "../journal/fold.ts";
import type { Event, Operator } from "../journal/record.ts";
import type { RunFolder } from "../journal/state.ts";
import { JournalWriter } from "../journal/writer.ts";
import type { Sink } from "../report/sink.ts";
import type { Prepared } from "./prepare.ts";
import { RunLog } from "./run-log.ts";
import { createRun } from "./run-record.ts";
import { operatorName } from "./session.ts";

/** Where a run is being recorded. */
export interface OpenRecord extends Disposable {
  readonly folder: RunFolder;
  readonly log: RunLog;
  /** What was on record before. */
  readonly earlier: RunState | undefined;
}

/** Begins a run's record, or goes on with the stopped run's. @throws RunError DB3102 */
export function openRecord(
  { stopped, root, begin, kit, binding, call, mirror, rebound }: Prepared,
  sink: Sink,
): OpenRecord {
  if (stopped) {
    const { folder, journal, state } = stopped;
    if (journal.torn) sink.notice(journal.torn);
    const writer = JournalWriter.open(folder.journal, journal);
    const log = new RunLog(writer, folder.output, sink, journal.records);
    log.append({ type: "resume", data: { operator: begin.operator, ...(call.mode === "undo" && { to: "undo" }) } });
    for (const each of rebound) log.append({ type: "rebound", data: each });
    if (call.from !== undefined) log.append(takenOver(call.from, state.operator, begin.operator));
    return { folder, log, earlier: state, [Symbol.dispose]: () => writer.close() };
  }
  const { folder, journal, first } = createRun(root, begin, kit, { binding: binding.path, mirror });
  const log = new RunLog(journal, folder.output, sink, [first]);
  sink.record(first);
  return { folder, log, earlier: undefined, [Symbol.dispose]: () => journal.close() };
}

/** Who took a run over from whom, by the copy on a host. */
export function takenOver(host: string, from: Operator, by: Operator): Event {
  const what = `taken over from ${operatorName(from)}, by what ${host} has of it`;
  return { type: "resolved", data: { what, by: operatorName(by), why: `--from ${host}` } };
}

/** Seconds since a run was begun, by the clock that its beginning was written down with. */
export function sinceBegun({ log }: OpenRecord): number {
  return Math.max(0, Date.now() - Date.parse(log.state.beganAt)) / 1000;
}
