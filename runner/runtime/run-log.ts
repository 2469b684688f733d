import { Folding, type RunState } from "../journal/fold.ts";
import { keepOutput, outputName, type Streams } from "../journal/output.ts";
import type { Event, Output, Record, What } from "../journal/record.ts";
import type { JournalWriter } from "../journal/writer.ts";
import type { Sink } from "../report/sink.ts";

/** The record of a run as it is made: on disk first, then told. */
export class RunLog {
  readonly sink: Sink;
  readonly #journal: JournalWriter;
  readonly #folder: string;
  readonly #folding = new Folding();
  #follow: () => void = () => {};

  /**
   * @param folder for outputs
   * @param before what is on record already
   */
  constructor(journal: JournalWriter, folder: string, sink: Sink, before: readonly Record[] = []) {
    this.#journal = journal;
    this.#folder = folder;
    this.sink = sink;
    for (const record of before) this.#folding.add(record);
  }

  /** What the records add up to. */
  get state(): RunState {
    return this.#folding.state;
  }

  /** The digest of the last record. */
  get head(): string {
    return this.#journal.head;
  }

  /** @throws RunError DB3102 when it cannot be written: what was to follow must not happen */
  append(event: Event): void {
    const record = this.#journal.append(event);
    this.#folding.add(record);
    this.#follow();
    this.sink.record(record);
  }

  /** Calls `follow` after each record that is on disk. */
  followed(follow: () => void): void {
    this.#follow = follow;
  }

  /** Keeps the output of a part of a step, for the next record. */
  keep(step: string, what: What, output: Streams): Output {
    return keepOutput(this.#folder, outputName(this.#journal.next, step, what), output);
  }
}
