import type { ShownStep } from "../report/sink.ts";

/** Where in a script a run is: how many steps it has come by, and which items of loops it is inside of. */
export class Position {
  readonly #of: number;
  /** The numbers of the steps come by, by id. */
  readonly #seen: Map<string, number>;
  readonly #together: boolean;
  #items: string;

  constructor(of: number, within?: { readonly seen: Map<string, number>; readonly items: string }) {
    this.#of = of;
    this.#seen = within?.seen ?? new Map<string, number>();
    this.#items = within?.items ?? "";
    this.#together = within !== undefined;
  }

  /** A step is at hand. Inside loops its id is extended by the items; such steps count once. */
  arrive(base: string, title: string, host?: string): ShownStep {
    const number = this.#seen.get(base) ?? this.#seen.size + 1;
    this.#seen.set(base, number);
    return {
      id: this.idOf(base),
      base,
      title: title + this.#items,
      number,
      of: this.#of,
      ...(host !== undefined && { host }),
      ...(this.#together && { together: true }),
    };
  }

  /** A place of its own for one of several items that are walked at the same time. */
  beside(item: string): Position {
    return new Position(this.#of, { seen: this.#seen, items: `${this.#items}[${escaped(item)}]` });
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
