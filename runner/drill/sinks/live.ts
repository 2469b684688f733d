import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Emit, Phase } from "../events.ts";
import { showClock, showSeconds } from "../show.ts";
import { wordsOf } from "./words.ts";

/** Renders a drill on a terminal: a line for each phase that is over, and below them one that says what is done now. */
export class LiveSink implements Disposable {
  readonly #terminal: WriteStream;
  readonly #clock: NodeJS.Timeout;
  #now: { readonly phase: Phase; readonly since: number; doing: string } | undefined;

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
    this.#clock = setInterval(() => this.#draw(), 500).unref();
  }

  readonly emit: Emit = (event) => {
    if (event.type === "begin") this.#over(wordsOf(event) ?? "");
    else if (event.type === "phase begun") this.#now = { phase: event.phase, since: performance.now(), doing: "" };
    else if (event.type === "phase ended") {
      this.#now = undefined;
      const sign = event.why ? styleText("red", "✗") : styleText("green", "✓");
      this.#over(`${sign} ${event.phase}  ${styleText("dim", showSeconds(event.seconds))}`);
    } else if (event.type === "probe") {
      this.#over(styleText("dim", `    ${wordsOf(event) ?? ""}`));
    } else if (this.#now) this.#now.doing = wordsOf(event) ?? this.#now.doing;
    this.#draw();
  };

  /** Writes a line that stays, above the live one. */
  #over(line: string): void {
    this.#wipe();
    this.#terminal.write(`${line}\n`);
  }

  #draw(): void {
    if (!this.#now) return;
    const { phase, since, doing } = this.#now;
    const clock = showClock((performance.now() - since) / 1000);
    const line = [`  ${clock} ${phase}`, ...(doing ? [doing.split("\n")[0]] : [])].join(": ");
    this.#wipe();
    // A line that wraps could not be wiped.
    this.#terminal.write(line.slice(0, this.#terminal.columns - 1));
  }

  #wipe(): void {
    cursorTo(this.#terminal, 0);
    clearLine(this.#terminal, 0);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#clock);
    this.#wipe();
  }
}
