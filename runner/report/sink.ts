import type { Record } from "../journal/record.ts";

/** Where a run is told. The journal's record is the event; a sink only renders. */
export interface Sink {
  /** A step is at hand. Its records follow. */
  step(step: ShownStep): void;
  record(record: Record): void;
  /** What a command prints, as it prints it. */
  output(bytes: Uint8Array): void;
  /** Something that is no event of the run, for the person who watches. */
  notice(text: string): void;
  /** The last screen. */
  closing(text: string): void;
}

export interface ShownStep {
  readonly id: string;
  readonly title: string;
  readonly host?: string;
  /** Its number, and how many there are. */
  readonly number: number;
  readonly of: number;
  /** Other hosts are worked on at the same time: what follows may be about any of them. */
  readonly together?: true;
}
