import type { ShownStep } from "../report/sink.ts";

/** Where in a script a run is: how many steps it has come by, and which items of loops it is inside of. */
export class Position {
  readonly #of: number;
  readonly #seen = new Set<string>();
  #items = "";

  constructor(of: number) {
    this.#of = of;
  }

  /** A step is at hand. Inside loops its id is extended by the items; such steps count once. */
  arrive(base: string, title: string, host?: string): ShownStep {
    this.#seen.add(base);
    const step = { id: this.idOf(base), base, title: title + this.#items, number: this.#seen.size, of: this.#of };
    return host === undefined ? step : { ...step, host };
  }

  /** The id of a step where the run is now. */
  idOf(base: string): string {
    return base + this.#items;
  }

  /** Walks a loop's body for one item. */
  async inside(item: string, body: () => Promise<void>): Promise<void> {
    const outer = this.#items;
    this.#items += `[${escaped(item)}]`;
    try {
      await body();
    } finally {
      this.#items = outer;
    }
  }
}

/** Brackets and line breaks written as %XX, so that an id is one line and two loops' items cannot be mistaken. */
function escaped(item: string): string {
  return item.replace(/[%[\]\p{Cc}]/gu, encodeURIComponent);
}
