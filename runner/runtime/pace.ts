import { stepOf } from "../journal/step-id.ts";
import { commandOf } from "./host-shell.ts";
import type { Prompt } from "./prompt.ts";
import { interrupted, stoppedAfter } from "./run-errors.ts";
import type { ScriptChange } from "./script-api.ts";

/** How far a run goes by itself: to its end, from change to change, or until a step is complete. */
export class Pace {
  readonly #pauses: Prompt | undefined;
  readonly #until: string | undefined;

  /**
   * @param pauses where to pause before each change; absent for a run that does not
   * @param until id of the step that is the last one
   */
  constructor(pauses: Prompt | undefined, until: string | undefined) {
    this.#pauses = pauses;
    this.#until = until;
  }

  /** Right before a change is sent. @throws RunError DB3310 when the person wants to stop here */
  async before(step: Pick<ScriptChange, "title" | "run">, host: string, stop: AbortSignal): Promise<void> {
    if (!this.#pauses) return;
    const { text } = commandOf(step.run);
    const command = text.split("\n").map((line) => `  $ ${line}`);
    const question = `Next: ${step.title}, on ${host}\n${command.join("\n")}\nEnter goes on, q stops here. `;
    for (;;) {
      const answer = await this.#pauses.ask(question).catch((error: unknown) => {
        if (stop.aborted) throw interrupted();
        throw error;
      });
      if (answer === "") return;
      if (answer === undefined || answer.trim().toLowerCase() === "q") throw interrupted();
    }
  }

  /** A step is complete, now or by the record. @throws RunError DB3320 when it was to be the last one */
  after(id: string, title: string): void {
    if (this.#until === id || this.#until === stepOf(id)) throw stoppedAfter(title);
  }
}
