import type { Prompt } from "./prompt.ts";
import { nobodyToAsk, wrongAnswer } from "./run-errors.ts";

/** What a step asks a person. */
export interface Question {
  readonly step: string;
  readonly text: string;
  /** The answers that mean something. */
  readonly wants: readonly [Choice, ...Choice[]];
}

/** An answer that goes on. */
export interface Choice {
  readonly answer: string;
  /** What it says or does, for who cannot see the question. */
  readonly means: string;
}

/** An answer, and how it came: typed by a person now, or given by name when the run was started. */
export interface Answered {
  readonly answer: string;
  readonly how: "typed" | "given";
}

/**
 * No answer that goes on: a person typed no; pressed Enter alone; the input ended; or what was typed was never one of
 * those that mean something.
 */
export interface Declined {
  readonly answer: undefined;
  readonly how: "typed" | "empty" | "ended" | "mistyped";
}

/** How often a person may mistype. */
const tries = 3;

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
   * One of the wanted answers, or how there came to be none.
   * @param again the call that asks it again: `--resume RUN`
   * @throws RunError DB3306, DB3307
   */
  async ask({ step, text, wants }: Question, again: string): Promise<Answered | Declined> {
    const given = this.#given.get(step);
    const answers = wants.map(({ answer }) => answer);
    if (given !== undefined) {
      this.#used.add(step);
      if (!answers.includes(given)) throw wrongAnswer(step, given, wants, again);
      return { answer: given, how: "given" };
    }
    if (!this.#prompt.there) throw nobodyToAsk(step, wants, again);
    // Where several hosts are in hand, one question after the other.
    const asked = this.#before.then(() => this.#askUntil(text, answers));
    this.#before = asked.catch(() => undefined);
    return await asked;
  }

  async #askUntil(text: string, wants: readonly string[]): Promise<Answered | Declined> {
    let question = text;
    for (let left = tries; left > 0; left -= 1) {
      const line = await this.#prompt.ask(`${question}\n> `);
      if (line === undefined) return { answer: undefined, how: "ended" };
      const answer = line.trim();
      if (wants.includes(answer)) return { answer, how: "typed" };
      if (answer === "") return { answer: undefined, how: "empty" };
      if (["no", "n", "q"].includes(answer.toLowerCase())) return { answer: undefined, how: "typed" };
      question = `That is not it. To go on, type ${wants.join(" or ")}; to stop here, type no.`;
    }
    return { answer: undefined, how: "mistyped" };
  }
}
