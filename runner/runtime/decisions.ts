import type { Prompt } from "./prompt.ts";
import { nobodyToAsk, wrongAnswer } from "./run-errors.ts";

/** What a step asks a person. */
export interface Question {
  readonly step: string;
  readonly text: string;
  /** The answers that mean something; the first is the one that goes on. */
  readonly wants: readonly [string, ...string[]];
}

/** An answer, and how it came: typed by a person now, or given by name when the run was started. */
export interface Decision {
  readonly answer: string;
  readonly how: "typed" | "given";
}

/** Puts questions to a person. Without a terminal, an answer must have been given by name: unattended means stop. */
export class Decisions {
  readonly #given: ReadonlyMap<string, string>;
  readonly #prompt: Prompt;
  readonly #used = new Set<string>();
  #before: Promise<unknown> = Promise.resolve();

  constructor(given: ReadonlyMap<string, string>, prompt: Prompt) {
    this.#given = given;
    this.#prompt = prompt;
  }

  /** The answers that no step has asked for. */
  get unused(): readonly string[] {
    return [...this.#given.keys()].filter((step) => !this.#used.has(step));
  }

  /**
   * One of the wanted answers, or undefined when a person gave another: that means no.
   * @throws RunError DB3306, DB3307
   */
  async ask({ step, text, wants }: Question): Promise<Decision | undefined> {
    const given = this.#given.get(step);
    if (given !== undefined) {
      this.#used.add(step);
      if (!wants.includes(given)) throw wrongAnswer(step, given, wants.join(" or "));
      return { answer: given, how: "given" };
    }
    if (!this.#prompt.there) throw nobodyToAsk(step, wants[0]);
    // Where several hosts are in hand, one question after the other.
    const asked = this.#before.then(() => this.#prompt.ask(`${text}\n> `));
    this.#before = asked.catch(() => undefined);
    const answer = (await asked).trim();
    return wants.includes(answer) ? { answer, how: "typed" } : undefined;
  }
}
