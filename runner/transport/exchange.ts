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

// A supervisor answers at once, however long its commands take: one that keeps silent is asked who it is, and one that
// does not answer that is gone, though its host may be up.
const silenceMs = 30_000;

// For output that is still on its way, and for a last answer.
const graceMs = 2000;

/** Numbered requests and their answers, over the streams of one process. */
export class Exchange {
  readonly host: string;
  /** Settles when the connection has gone, with the reason. */
  readonly closed: Promise<string>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #hearers = new Map<number, Hearer>();
  readonly #watch: NodeJS.Timeout;
  #degraded: (why: string) => void = () => undefined;
  #silent = 0;
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
    // Not at `exit`: output may still be on its way. But a keeper may hold the far end of it for long.
    child.once("close", () => this.#lose(lastWords()));
    child.once("exit", () => setTimeout(() => this.#lose(lastWords()), graceMs).unref());
    child.stdin.on("error", (error) => this.#lose(error.message));
    this.#watch = setInterval(() => this.#listenForLife(), silenceMs).unref();
  }

  /** Lets somebody hear that the host's state folder has ceased to take data. */
  onDegraded(listener: (why: string) => void): void {
    this.#degraded = listener;
  }

  /** Sends a request, and the bytes that belong to it. @returns its number */
  send(fields: readonly string[], hearer: Hearer, bytes?: Uint8Array): number {
    const number = ++this.#last;
    const gone = this.#gone;
    if (gone !== undefined) {
      queueMicrotask(() => hearer.lost(lost(this.host, gone)));
      return number;
    }
    this.#hearers.set(number, hearer);
    this.#child.stdin.write(line(number, fields));
    if (bytes?.length) this.#child.stdin.write(Buffer.concat([bytes, Buffer.from("\n")]));
    return number;
  }

  /** Sends a request that has one answer. @throws TransportError when it is refused, or the connection goes */
  ask(fields: readonly string[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const answer = (answer: Answer): boolean => {
        if (answer.answer === "refused") reject(supervisorRefused(this.host, answer.reason, answer.detail));
        else resolve(answer);
        return false;
      };
      this.send(fields, { answer, lost: reject });
    });
  }

  /** Ends the conversation, and waits until the process has gone. */
  async end(): Promise<void> {
    // First, so that the end of an inline command, which this brings about, is not taken for its outcome.
    this.#forget("it was closed");
    if (this.#gone === undefined) {
      const tooLong = setTimeout(() => this.#lose("it did not answer its end"), graceMs);
      await this.ask(request.bye()).catch(() => undefined);
      clearTimeout(tooLong);
    }
    this.#lose("it was closed");
    // Keepers of detached commands still hold the far end of the streams: the process would wait for them.
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill();
    await gone;
  }

  #hear(text: string): void {
    this.#silent = 0;
    const answer = parseAnswer(text);
    if (!answer) return;
    if (answer.answer === "degraded") this.#degraded(answer.why);
    const hearer = this.#hearers.get(answer.n);
    if (hearer && !hearer.answer(answer)) this.#hearers.delete(answer.n);
  }

  #listenForLife(): void {
    // What is still being sent keeps the supervisor busy.
    if (this.#hearers.size === 0 || this.#child.stdin.writableLength > 0) this.#silent = 0;
    else if (++this.#silent === 1) this.ask(request.identify()).catch(() => undefined);
    else this.#lose(`its supervisor gave no answer for ${silenceMs / 1000} s`);
  }

  #lose(why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = why;
    clearInterval(this.#watch);
    this.#forget(why);
    this.#close(why);
  }

  #forget(why: string): void {
    const hearers = [...this.#hearers.values()];
    this.#hearers.clear();
    for (const hearer of hearers) hearer.lost(lost(this.host, why));
  }
}
