/** How long an inquiry pauses before it asks, in milliseconds: the longer, the longer nothing new was heard. */
export interface Pace {
  readonly quick: number;
  readonly slow: number;
}

// A host that takes long to answer has other things to do: the questions take a fifth of its time at most.
const pausePerAnswer = 4;
const longestPauseMs = 5000;

/** A question that is asked again and again, each time only a pause after the last answer. */
export class Inquiry {
  readonly #pace: Pace;
  readonly #ask: () => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param ask resolves with whether the answer told anything new; when it fails, nothing more is asked */
  constructor(pace: Pace, ask: () => Promise<boolean>) {
    this.#pace = pace;
    this.#ask = ask;
    this.#pause(pace.quick, 0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #pause(pause: number, answerMs: number): void {
    if (this.#stopped) return;
    const longEnough = Math.max(pause, Math.min(answerMs * pausePerAnswer, longestPauseMs));
    this.#timer = setTimeout(() => {
      const asked = performance.now();
      this.#ask().then(
        (news) => this.#pause(news ? this.#pace.quick : this.#slower(pause), performance.now() - asked),
        () => this.stop(),
      );
    }, longEnough);
  }

  #slower(pause: number): number {
    return Math.min(pause * 2, this.#pace.slow);
  }
}
