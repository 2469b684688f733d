import { lost, neverStarted, outcomeLost, supervisorRefused, timedOut, tooMuchOutput } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { heldMiB, HeldOutput } from "./held-output.ts";
import { Inquiry, type Pace } from "./inquiry.ts";
import { request, type Answer, type JobName, type Stream } from "./protocol.ts";
import type { Execution, Result, TokenStatus, TransportError } from "./transport.ts";

/** How often the output of a running command is asked for, while somebody listens. */
const outputPace: Pace = { quick: 200, slow: 1000 };

/** How often its host is asked whether the command is still there. */
const doubtPace: Pace = { quick: 10_000, slow: 10_000 };

// The supervisor sends this much of a file a line (`send`); a shorter line was the end of it.
const pieceBytes = 2250;

const streams = ["stdout", "stderr"] as const;

/** What is asked for. */
export interface Beginning {
  readonly fields: readonly string[];
  /** Of a detached command. */
  readonly token?: string | undefined;
  readonly stdin?: Uint8Array | undefined;
  readonly timeoutSeconds?: number | undefined;
}

/** One command on a host, from its request to its result. */
export class Observation implements Execution {
  readonly result: Promise<Result>;
  /** Of its request; the host keeps files by it until it is told to free them. */
  readonly number: number;
  readonly #exchange: Exchange;
  readonly #token: string | undefined;
  readonly #output = new HeldOutput();
  readonly #pushed = new Transfer(0);
  readonly #inquiries: Inquiry[] = [];
  #timeout: NodeJS.Timeout | undefined;
  #timedOutAfter: number | undefined;
  #stopped = false;
  /** Whether the host has read the request: much of it may be on its way for long. */
  #arrived = false;
  /** Whether the host has said that it ended, and its keeper has not. */
  #ended = false;
  #pulling: Promise<unknown> = Promise.resolve();
  #resolve: (result: Result) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(exchange: Exchange, { fields, token, stdin, timeoutSeconds }: Beginning) {
    this.#exchange = exchange;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever asked for the execution may await it later than it fails.
    this.result.catch(() => undefined);
    this.#token = token;
    this.number = this.#send(fields, stdin);
    this.#inquiries.push(new Inquiry(doubtPace, () => this.#doubt()));
    if (timeoutSeconds !== undefined) {
      this.#timeout = setTimeout(() => this.#cancel(timeoutSeconds), timeoutSeconds * 1000);
    }
  }

  onOutput(listener: (stream: Stream, bytes: Uint8Array) => void): void {
    if (!this.#output.isHeard && !this.#stopped) {
      this.#inquiries.push(new Inquiry(outputPace, () => this.#pullMore()));
    }
    this.#output.listen(listener);
  }

  #send(fields: readonly string[], stdin?: Uint8Array): number {
    const hearer = {
      answer: (answer: Answer) => this.#hear(answer),
      lost: (error: TransportError) => this.#fail(error),
    };
    return this.#exchange.send(fields, hearer, stdin);
  }

  get #job(): JobName {
    return this.#token === undefined
      ? { kind: "inline", name: String(this.number) }
      : { kind: "detached", name: this.#token };
  }

  #hear(answer: Answer): boolean {
    const { host } = this.#exchange;
    const token = this.#token ?? "";
    switch (answer.answer) {
      case "again":
        this.#send(request.attach(token));
        return false;
      case "data":
        this.#pushed.take(this.#output, answer.stream, answer.bytes);
        return true;
      case "exit":
        void this.#finish(answer.status);
        return false;
      case "state":
        this.#fail(answer.state === "absent" ? neverStarted(host, token) : outcomeLost(host, token));
        return false;
      case "refused":
        this.#fail(supervisorRefused(host, answer.reason, answer.detail));
        return false;
      default:
        return true;
    }
  }

  /** Resolves with whether there was any. */
  async #pullMore(): Promise<boolean> {
    const held = (): number => this.#output.bytes("stdout") + this.#output.bytes("stderr");
    const before = held();
    for (const stream of streams) if (!this.#stopped) await this.#pull(stream);
    return held() > before;
  }

  /** Whoever was to tell how the command ends may have been killed: then nothing would ever be heard. */
  async #doubt(): Promise<boolean> {
    if (!this.#arrived) {
      await this.#exchange.ask(request.identify());
      this.#arrived = true;
      return false;
    }
    const answer = await this.#exchange.ask(request.doubt(this.#job));
    if (answer.answer === "state" && answer.state !== "running" && !this.#stopped) this.#miss(answer.state);
    return false;
  }

  /** Its host says that the command runs no more, and nobody told how it ended. */
  #miss(state: TokenStatus["state"]): void {
    const { host } = this.#exchange;
    if (this.#token === undefined) this.#fail(lost(host, "what watched a command there was killed"));
    else if (state !== "exited") this.#fail(outcomeLost(host, this.#token));
    else if (this.#ended) this.#send(request.attach(this.#token));
    else this.#ended = true;
  }

  /** Asks for what is not held yet of a stream. Resolves with whether its end, as of now, was reached. */
  #pull(stream: Stream): Promise<boolean> {
    const pull = this.#pulling.then(
      () =>
        new Promise<boolean>((resolve, reject) => {
          const offset = this.#output.bytes(stream);
          const transfer = new Transfer(offset);
          this.#exchange.send(request.output(this.#job, stream, offset), {
            answer: (answer) => {
              if (answer.answer === "data") transfer.take(this.#output, stream, answer.bytes);
              if (answer.answer === "data") return true;
              resolve(transfer.isWhole(stream));
              return false;
            },
            lost: reject,
          });
        }),
    );
    this.#pulling = pull.catch(() => undefined);
    return pull;
  }

  #cancel(seconds: number): void {
    this.#timedOutAfter = seconds;
    this.#exchange.ask(request.cancel(this.#job)).catch((error: TransportError) => this.#fail(error));
  }

  async #finish(status: number): Promise<void> {
    this.#stop();
    const { host } = this.#exchange;
    try {
      for (const stream of streams) {
        let whole = this.#pushed.isWhole(stream);
        while (!whole && !this.#output.isOverfull(stream)) whole = await this.#pull(stream);
        if (this.#output.isOverfull(stream)) throw tooMuchOutput(host, stream, heldMiB, status);
      }
      if (this.#timedOutAfter !== undefined) throw timedOut(host, this.#timedOutAfter);
      this.#resolve({ status, stdout: this.#output.all("stdout"), stderr: this.#output.all("stderr") });
    } catch (error) {
      this.#reject(error as Error);
    }
  }

  #fail(error: TransportError): void {
    this.#stop();
    this.#reject(error);
  }

  #stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timeout);
    for (const inquiry of this.#inquiries) inquiry.stop();
  }
}

/** Pieces of output that follow one another from an offset. */
class Transfer {
  readonly #offset: Record<Stream, number>;
  readonly #lastPiece: Record<Stream, number> = { stdout: 0, stderr: 0 };

  constructor(offset: number) {
    this.#offset = { stdout: offset, stderr: offset };
  }

  take(output: HeldOutput, stream: Stream, piece: Uint8Array): void {
    output.take(stream, this.#offset[stream], piece);
    this.#offset[stream] += piece.length;
    this.#lastPiece[stream] = piece.length;
  }

  /** Whether the file ended with the last piece. */
  isWhole(stream: Stream): boolean {
    return this.#lastPiece[stream] < pieceBytes;
  }
}
