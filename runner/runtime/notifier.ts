import type { Operator } from "../journal/record.ts";
import { harmless } from "../report/style.ts";
import { operatorName } from "./session.ts";
import { tellCommand } from "./told-command.ts";

/** Something that somebody elsewhere may want to know of at once. */
export interface Notice {
  /** `begin`, `waiting` for a person, `failed` (it stopped short of its end), `end` (it is complete). */
  readonly event: "begin" | "waiting" | "failed" | "end";
  readonly message: string;
  /** Of the process, once it is known. */
  readonly exitCode?: number;
}

interface Of {
  readonly run: string;
  readonly runbook: string;
  readonly operator: Operator;
  /** Folder of the run's records. */
  readonly folder: string;
}

/** How much of a message is passed on: an environment has little room. */
const longest = 4096;

/**
 * Lets the operator's own command tell of a run. Its text is what the operator wrote; what happened is in its
 * environment and on its stdin, so that no value can become part of a command. The run does not wait for it, but for
 * its end, and then not long; whatever is wrong with it is told once.
 */
export class Notifier {
  readonly #command: string | undefined;
  readonly #of: Of;
  readonly #tell: (text: string) => void;
  readonly #running = new Set<Promise<void>>();
  #told = false;

  constructor(command: string | undefined, of: Of, tell: (text: string) => void) {
    this.#command = command;
    this.#of = of;
    this.#tell = tell;
  }

  notify(notice: Notice): void {
    if (this.#command === undefined) return;
    const running = this.#run(this.#command, { ...notice, message: harmless(notice.message).slice(0, longest) });
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }

  /** Waits for what is still being told, at most a few seconds. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(command: string, notice: Notice): Promise<void> {
    const wrong = await this.#attempt(command, notice).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (wrong === undefined || this.#told) return;
    this.#told = true;
    this.#tell(`The notification command ${wrong}. The run goes on; this is told once.`);
  }

  /** Resolves with what was wrong with it. */
  async #attempt(command: string, { event, message, exitCode }: Notice): Promise<string | undefined> {
    const { run, runbook, operator, folder } = this.#of;
    const by = operatorName(operator);
    return await tellCommand(
      command,
      {
        DRILLBOOK_EVENT: event,
        DRILLBOOK_RUN: run,
        DRILLBOOK_RUNBOOK: runbook,
        DRILLBOOK_OPERATOR: by,
        DRILLBOOK_MESSAGE: message,
        DRILLBOOK_EXIT_CODE: exitCode === undefined ? "" : String(exitCode),
      },
      {
        v: 1,
        event,
        run,
        runbook,
        operator: by,
        at: new Date().toISOString(),
        message,
        records: folder,
        ...(exitCode !== undefined && { exitCode }),
      },
    );
  }
}
