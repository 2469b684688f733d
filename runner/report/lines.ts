/** Bytes that a command prints, as the lines that they make: what a terminal can be shown between other things. */
export class Lines {
  readonly #tell: (line: string) => void;
  #decoder = new TextDecoder();
  #rest = "";

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  push(bytes: Uint8Array): void {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    // A program that draws a progress bar ends its lines with carriage returns alone.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/u);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#tell(line);
  }

  /** Tells what has no end yet. */
  flush(): void {
    const rest = this.#rest + this.#decoder.decode();
    this.#decoder = new TextDecoder();
    this.#rest = "";
    if (rest !== "") this.#tell(rest.replace(/\r$/u, ""));
  }
}
