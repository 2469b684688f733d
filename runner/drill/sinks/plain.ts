import type { DrillEvent, Emit, Phase } from "../events.ts";
import { showClock, showSeconds } from "../show.ts";
import { wordsOf } from "./words.ts";

/** After how many seconds of silence it says that something is still being done. */
const quiet = 20;

/** Renders a drill as lines, each with the time since its beginning: for logs, and for terminals that are none. */
export class PlainSink implements Disposable {
  readonly #write: (line: string) => void;
  readonly #began = performance.now();
  readonly #beat: NodeJS.Timeout;
  #phase: Phase | undefined;
  #doing = "";

  constructor(write: (line: string) => void) {
    this.#write = write;
    this.#beat = setInterval(() => this.#still(), quiet * 1000).unref();
  }

  readonly emit: Emit = (event) => {
    this.#beat.refresh();
    if (event.type === "phase begun") {
      this.#phase = event.phase;
      this.#doing = "";
    }
    const line = lineOf(event);
    if (line === undefined) return;
    if (event.type === "progress" || event.type === "step") this.#doing = line.trim();
    this.#line(line);
  };

  #still(): void {
    if (this.#phase) this.#line(`  still: ${this.#doing || this.#phase}`);
  }

  #line(line: string): void {
    this.#write(`${showClock((performance.now() - this.#began) / 1000)}  ${line}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beat);
  }
}

function lineOf(event: DrillEvent): string | undefined {
  if (event.type === "phase begun") return event.phase;
  if (event.type === "phase ended") {
    const { phase, seconds, why } = event;
    return why ? `${phase}: ${why.code} ${why.why}` : `  done in ${showSeconds(seconds)}`;
  }
  const words = wordsOf(event);
  return words && (event.type === "begin" ? words : `  ${words}`);
}
