import { interrupted } from "./run-errors.ts";

/**
 * A person's wish to stop. The first SIGINT (or SIGTERM, or the terminal's end) lets the step at hand finish; the
 * second leaves at once, whatever is running.
 */
export class Interrupt implements Disposable {
  readonly #asked = new AbortController();
  // Not one promise to race with: what has raced with it, and its result, would be kept until it settles.
  readonly #watched = new Set<() => void>();
  #abandoned = false;
  #heard = -Infinity;
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
    for (const signal of signals) process.on(signal, this.#signalled);
  }

  /** Aborted by the first signal: what only waits for a person need not wait longer. */
  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  /** Between two steps. @throws RunError DB3310 when a stop was asked for */
  check(): void {
    if (this.#asked.signal.aborted) throw interrupted();
  }

  /** Waits for something, but not beyond the second signal. @throws Abandoned */
  async watch<R>(work: Promise<R>): Promise<R> {
    return await new Promise<R>((resolve, reject) => {
      const abandon = (): void => reject(new Abandoned());
      this.#watched.add(abandon);
      void work.then(resolve, reject).finally(() => this.#watched.delete(abandon));
      if (this.#abandoned) abandon();
    });
  }

  [Symbol.dispose](): void {
    for (const signal of signals) process.off(signal, this.#signalled);
  }

  readonly #signalled = (): void => {
    const now = performance.now();
    if (now - this.#heard < onceMs) return;
    this.#heard = now;
    if (this.#asked.signal.aborted) {
      this.#abandoned = true;
      for (const abandon of this.#watched) abandon();
      return;
    }
    this.#asked.abort();
    this.#say("Stopping after this step. Once more leaves at once, and what runs is then not known.");
  };
}

/** Left at once: what was running goes on unobserved. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";

  constructor() {
    super("the operator left while it ran");
  }
}

// What ends a whole group of processes (systemd, timeout) and is passed on besides comes more than once, and is one wish.
const onceMs = 250;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
