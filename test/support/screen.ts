/**
 * What a terminal shows of bytes, as lines that are as long as they were written: enough of a terminal for what the
 * runner writes to one, and a refusal of anything else.
 */
export class Screen {
  readonly #lines: string[] = [""];
  #row = 0;
  #column = 0;
  #mark: [row: number, column: number] = [0, 0];
  /** How often something was drawn in colours, or bold. */
  painted = 0;

  constructor(bytes: string) {
    // eslint-disable-next-line no-control-regex -- these are what a terminal is told with
    const token = /\u001b\[(\d*)([A-Za-z])|\u001b[78]|\r|\n|[^\u001b\r\n]/gu;
    let at = 0;
    for (const match of bytes.matchAll(token)) {
      if (match.index !== at) throw new Error(`a terminal was told ${JSON.stringify(bytes.slice(at, at + 10))}`);
      at += match[0].length;
      this.#take(match[0], Number(match[1] || 1), match[2]);
    }
  }

  /** Everything that can be seen, by scrolling too; without blanks at the end. */
  get text(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join("\n")
      .trimEnd();
  }

  #take(token: string, count: number, command: string | undefined): void {
    if (token === "\u001b7") this.#mark = [this.#row, this.#column];
    else if (token === "\u001b8") [this.#row, this.#column] = this.#mark;
    else if (command === "m") this.painted += 1;
    else if (command === "A") this.#row = Math.max(0, this.#row - count);
    else if (command === "J") {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row] = this.#line.slice(0, this.#column);
    } else if (command !== undefined) throw new Error(`a terminal was told ${JSON.stringify(token)}`);
    else if (token === "\r") this.#column = 0;
    else if (token === "\n") {
      this.#row += 1;
      if (this.#row === this.#lines.length) this.#lines.push("");
    } else {
      this.#lines[this.#row] =
        this.#line.slice(0, this.#column).padEnd(this.#column) + token + this.#line.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  get #line(): string {
    return this.#lines[this.#row] ?? "";
  }
}
