import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { lost, supervisorRefused } from "./errors.ts";
import type { Lines } from "./lines.ts";
import { line, parseAnswer, request, type Answer } from "./protocol.ts";
import type { TransportError } from "./transport.ts";

/** Hears the answers to one request, until it says that there are no more, and the end of the connection before that. */
export interface Hearer {
  /** Returns whether more answers are to come. */
  answer(answer: Answer): boolean;
  lost(error: TransportError): void;
}

// A supervisor answers at once, however long the command takes. One that does not is gone, though its host may be up.
const patienceMs = 60_000;

/** Numbered requests and their answers, over the streams of one process. */
export class Exchange {
  readonly host: string;
  /** Settles when the connection has gone, with the reason. */
  readonly closed: Promise<string>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #hearers = new Map<number, { readonly hearer: Hearer; timer: NodeJS.Timeout | undefined }>();
  #last = 0;
  #close: (why: string) => void = () => undefined;
  #gone: string | undefined;

  constructor(host: string, child: ChildProcessWithoutNullStreams, lines: Lines, lastWords: () => string) {
    this.host = host;
    this.#child = child;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    lines.listen((text) => this.#hear(text));
    // Not `exit`: output that was written before may still be on its way.
    child.once("close", () => this.#lose(lastWords()));
    child.stdin.on("error", (error) => this.#lose(error.message));
  }

  /** Sends a request, and the bytes that belong to it. */
  send(fields: readonly string[], hearer: Hearer, bytes?: Uint8Array): void {
    const gone = this.#gone;
    if (gone !== undefined) {
      queueMicrotask(() => hearer.lost(lost(this.host, gone)));
      return;
    }
    const number = ++this.#last;
    const timer = setTimeout(
      () => this.#lose(`its supervisor gave no answer for ${patienceMs / 1000} s`),
      patienceMs + (bytes?.length ?? 0) / 50,
    );
    this.#hearers.set(number, { hearer, timer });
    this.#child.stdin.write(line(number, fields));
    if (bytes?.length) this.#child.stdin.write(Buffer.concat([bytes, Buffer.from("\n")]));
  }

  /** Sends a request that has one answer. @throws TransportError when it is refused, or the connection goes */
  ask(fields: readonly string[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.send(fields, {
        answer: (answer) => {
          if (answer.answer === "refused") reject(supervisorRefused(this.host, answer.reason, answer.detail));
          else resolve(answer);
          return false;
        },
        lost: reject,
      });
    });
  }

  /** Ends the conversation, and waits until the process has gone. */
  async end(): Promise<void> {
    if (this.#gone === undefined) {
      await this.ask(request.bye()).catch(() => undefined);
    }
    // Keepers of detached commands still hold the far end of the streams: the process would wait for them.
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, "exit");
      this.#child.kill();
      await gone;
    }
    this.#lose("it was closed");
  }

  #hear(text: string): void {
    const answer = parseAnswer(text);
    if (!answer) return;
    const entry = this.#hearers.get(answer.n);
    if (!entry) return;
    clearTimeout(entry.timer);
    entry.timer = undefined;
    if (!entry.hearer.answer(answer)) this.#hearers.delete(answer.n);
  }

  #lose(why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = why;
    const hearers = [...this.#hearers.values()];
    this.#hearers.clear();
    for (const { hearer, timer } of hearers) {
      clearTimeout(timer);
      hearer.lost(lost(this.host, why));
    }
    this.#close(why);
  }
}
