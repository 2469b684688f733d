import type { WriteStream } from "node:tty";
import { fit } from "./style.ts";

/**
 * Lines at the foot of a terminal that are drawn again and again, below everything that stays.
 *
 * The cursor waits on the first of them, in its first column, and is never hidden. So everything from it to the end of
 * the screen is the foot's: also when a window that got narrower has wrapped the lines, for the cursor stays with its
 * character. An Enter pressed meanwhile moves it; the place is marked, and found again as long as nothing scrolled. And a
 * runner that is killed leaves a terminal that needs no mending.
 */
export class Foot {
  readonly #terminal: WriteStream;
  #lines: readonly string[] = [];
  #hidden = false;
  /** Whether the mark is where the first of the lines is. */
  #drawn = false;

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  /** @param lines plain texts, cut where the window ends: a line that wraps could not be drawn over */
  draw(lines: readonly string[]): void {
    this.#lines = lines;
    if (this.#hidden) return;
    const columns = Math.max(2, this.#terminal.columns || 80);
    // With one row less than the window has, so that nothing is pushed out at its top.
    const shown = lines.slice(0, Math.max(1, (this.#terminal.rows || 24) - 1)).map((line) => fit(line, columns - 1));
    const back = shown.length > 1 ? `\u001b[${shown.length - 1}A` : "";
    this.#wipe();
    this.#terminal.write(`${shown.join("\r\n")}${back}\r${mark}`);
    this.#drawn = true;
  }

  /** Lets something be written that stays, whole lines. */
  over(write: () => void): void {
    if (this.#lines.length > 0 && !this.#hidden) this.#wipe();
    write();
    if (this.#lines.length > 0) this.draw(this.#lines);
  }

  /** Draws nothing until {@link show}. */
  hide(): void {
    if (this.#lines.length > 0 && !this.#hidden) this.#wipe();
    this.#hidden = true;
  }

  /** The window has another size: the cursor is where its character went, and the mark is not. */
  resized(): void {
    this.#drawn = false;
    if (this.#lines.length > 0) this.draw(this.#lines);
  }

  show(): void {
    this.#hidden = false;
    if (this.#lines.length > 0) this.draw(this.#lines);
  }

  /** Back to the first of its lines, for a key pressed meanwhile may have moved the cursor; then everything from there on. */
  #wipe(): void {
    this.#terminal.write(`${this.#drawn ? toMark : ""}\r\u001b[J`);
    this.#drawn = false;
  }
}

/** What a terminal calls saving the cursor's place, and going back to it. */
const mark = "\u001b7";
const toMark = "\u001b8";
