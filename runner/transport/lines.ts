import type { Readable } from "node:stream";

// No frame is longer than a pipe's atomic write, 4 KiB; a login banner may be.
const longest = 1024 * 1024;

/** The lines of a stream: first asked for one by one, then handed to a listener. */
export class Lines {
  #rest = "";
  readonly #waiting: string[] = [];
  #hear: (line: string) => void = (line) => this.#waiting.push(line);
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(stream: Readable) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => this.#take(text));
    stream.once("close", () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  /** The next line. @throws Error when the stream has ended */
  async next(): Promise<string> {
    for (;;) {
      const line = this.#waiting.shift();
      if (line !== undefined) return line;
      if (this.#ended) throw new Error("it ended without a greeting");
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** Hands every further line to a listener. */
  listen(hear: (line: string) => void): void {
    this.#hear = hear;
    for (const line of this.#waiting.splice(0)) hear(line);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, longest);
    for (const line of lines) this.#hear(line);
    this.#wake?.();
  }
}
