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
   * One of the wanted answers, or undefined for no: a person said so, or typed something else again and again.
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
    const asked = this.#before.then(() => this.#askUntil(text, wants));
    this.#before = asked.catch(() => undefined);
    const answer = await asked;
    return answer === undefined ? undefined : { answer, how: "typed" };
  }

  /** What was typed, once it is one of what is wanted; nothing where the person does not go on. */
  async #askUntil(text: string, wants: readonly string[]): Promise<string | undefined> {
    let question = text;
    for (let left = tries; left > 0; left -= 1) {
      const answer = (await this.#prompt.ask(`${question}\n> `))?.trim() ?? "";
      if (wants.includes(answer)) return answer;
      if (["", "no", "n", "q"].includes(answer.toLowerCase())) return undefined;
      question = `That is not it. To go on, type ${wants.join(" or ")}; to stop here, type no.`;
    }
    return undefined;
  }
}
