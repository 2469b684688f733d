import type { Record } from "../journal/record.ts";

/** Where a run is told. The journal's record is the event; a sink only renders. */
export interface Sink extends Disposable {
  /** The run has begun, so many seconds ago: a resumed one before this process. */
  began(secondsAgo: number): void;
  /** A step is at hand. Its records follow. */
  step(step: ShownStep): void;
  record(record: Record): void;
  /** What a command prints, as it prints it. */
  output(bytes: Uint8Array): void;
  /** Something that is no event of the run, for the person who watches. */
  notice(text: string): void;
  /** Leaves the terminal to something else meanwhile: a question. */
  aside<R>(body: () => Promise<R>): Promise<R>;
  /** The last screen. */
  closing(text: string): void;
}

export interface ShownStep {
  readonly id: string;
  /** Its id in the plan. */
  readonly base: string;
  readonly title: string;
  readonly host?: string;
  /** Its number, and how many there are. */
  readonly number: number;
  readonly of: number;
  /** Other hosts are worked on at the same time: what follows may be about any of them. */
  readonly together?: true;
}

/** What a run's times are compared with. */
export interface Expectations {
  /** How long steps took in their last drill, by their ids in the plan. */
  readonly expectedSeconds: { readonly [step: string]: number };
  /** What recovery may take. */
  readonly objectiveSeconds: number;
}
