import type { HostIdentity } from "../journal/record.ts";
import { hostHeld } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { checkRun, checkToken, checkUser, payloadOf, shellFor } from "./job.ts";
import { Observation } from "./observation.ts";
import { request, type Answer, type Machine } from "./protocol.ts";
import {
  TransportError,
  type Claim,
  type Connection,
  type Execution,
  type Job,
  type LockAnswer,
  type TokenStatus,
} from "./transport.ts";

// Finished commands whose files on the host are freed together: one `rm` for many.
const freedTogether = 64;

/** A connection to a supervisor that has said hello. */
export class Client implements Connection {
  readonly host: string;
  readonly identity: HostIdentity;
  readonly closed: Promise<string>;
  readonly #exchange: Exchange;
  readonly #finished: number[] = [];
  #degraded: string | undefined;

  constructor(exchange: Exchange, machine: Machine) {
    this.#exchange = exchange;
    this.host = exchange.host;
    this.closed = exchange.closed;
    this.identity = identityOf(machine);
    this.#degraded = machine.degraded;
  }

  get degraded(): string | undefined {
    return this.#degraded;
  }

  onDegraded(listener: (why: string) => void): void {
    if (this.#degraded !== undefined) listener(this.#degraded);
    this.#exchange.onDegraded((why) => {
      this.#degraded = why;
      listener(why);
    });
  }

  async identify(): Promise<HostIdentity> {
    return identityOf(expectAnswer(await this.#exchange.ask(request.identify()), "identity"));
  }

  inline(job: Job): Execution {
    return this.#execute(undefined, job);
  }

  detached(token: string, job: Job): Execution {
    return this.#execute(token, job);
  }

  attach(token: string): Execution {
    return observed(() => {
      const fields = request.attach(checkToken(this.host, token));
      return new Observation(this.#exchange, { fields, token });
    });
  }

  async status(token: string): Promise<TokenStatus> {
    const answer = await this.#exchange.ask(request.status(checkToken(this.host, token)));
    const { state, status } = expectAnswer(answer, "state");
    return state === "exited" ? { state, status } : { state };
  }

  async cancel(token: string): Promise<void> {
    await this.#exchange.ask(request.cancel({ kind: "detached", name: checkToken(this.host, token) }));
  }

  async lock({ run, who, since, runbook }: Claim): Promise<LockAnswer> {
    const answer = await this.#exchange.ask(request.lock(checkRun(this.host, run), who, since, runbook));
    if (answer.answer !== "held") return { locked: true };
    const [heldRun = "", heldBy = "", heldSince = "", heldRunbook = ""] = answer.holder;
    return {
      locked: false,
      alive: answer.alive,
      holder: { run: heldRun, who: heldBy, since: heldSince, runbook: heldRunbook },
    };
  }

  async unlock(run: string): Promise<void> {
    const answer = await this.#exchange.ask(request.unlock(checkRun(this.host, run)));
    if (answer.answer === "held") throw hostHeld(this.host, answer.holder[0] ?? "", answer.alive);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#exchange.end();
  }

  #execute(token: string | undefined, { stdin, timeoutSeconds, ...job }: Job): Execution {
    return observed(() => {
      const { host } = this;
      if (token !== undefined) checkToken(host, token);
      const as = checkUser(host, job.as);
      const fields = request.exec(token, shellFor(job), as, stdin?.length ?? 0, payloadOf(host, job));
      const observation = new Observation(this.#exchange, { fields, token, stdin, timeoutSeconds });
      const free = (): void => this.#free(observation.number);
      observation.result.then(free, free);
      return observation;
    });
  }

  #free(number: number): void {
    this.#finished.push(number);
    if (this.#finished.length < freedTogether) return;
    this.#exchange.ask(request.free(this.#finished.splice(0))).catch(() => undefined);
  }
}

/** An execution, also where it cannot begin: then its result says why. */
function observed(begin: () => Execution): Execution {
  try {
    return begin();
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const result = Promise.reject(error);
    result.catch(() => undefined);
    return { result, onOutput: () => undefined };
  }
}

function identityOf({ hostname, machineId, bootId }: Machine): HostIdentity {
  return { hostname, machineId, bootId };
}

/** Narrows an answer to the one its request has. */
function expectAnswer<A extends Answer["answer"]>(answer: Answer, word: A): Extract<Answer, { answer: A }> {
  if (answer.answer !== word) throw new TypeError(`A supervisor answered ${answer.answer} where it owes ${word}.`);
  return answer as Extract<Answer, { answer: A }>;
}
