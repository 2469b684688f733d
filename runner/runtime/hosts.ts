import { setTimeout as pause } from "node:timers/promises";
import { TransportError, type Connection, type Transport } from "../transport/transport.ts";
import { atOnce } from "./at-once.ts";
import { hostsNotReached } from "./hosts-errors.ts";
import { Abandoned } from "./interrupt.ts";

/** Seconds before each new attempt to reach a host again. */
const waits = [0.2, 0.5, 1, 2, 4, 8, 15, 30];

/** Key exchanges cost both ends: more of them at the same time end no sooner, and an sshd refuses what is too many. */
const connectingAtOnce = 50;

/** How often one observation is made again because its connection was lost. */
const observations = 4;

/** The connections of a run: one a host, made when it is first wanted and made anew when it was lost. */
export class Hosts implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #met: (connection: Connection) => Promise<void>;
  readonly #connections = new Map<string, Promise<Connection>>();
  /** Those that are made: they are to be ended. */
  readonly #open = new Set<Connection>();
  readonly #ended = new AbortController();

  /** @param met called with each connection that was made, before anything else goes over it */
  constructor(transport: Transport, met: (connection: Connection) => Promise<void>) {
    this.#transport = transport;
    this.#met = met;
  }

  /** The live connection to a host. @throws TransportError, Abandoned after the end */
  at(host: string): Promise<Connection> {
    // Whoever still waits for something is not to bring the host back.
    if (this.#ended.signal.aborted) return Promise.reject(new Abandoned());
    const live = this.#connections.get(host);
    if (live) return live;
    const made = this.#connect(host);
    this.#connections.set(host, made);
    const forget = (): void => void (this.#connections.get(host) === made && this.#connections.delete(host));
    made.then((connection) => connection.closed.then(forget), forget);
    return made;
  }

  /** Connects to all of them. @throws TransportError of the one, RunError DB3351 of those that cannot be reached */
  async reach(hosts: readonly string[]): Promise<void> {
    const reached = await atOnce(connectingAtOnce, hosts, (host) => this.at(host));
    const failed = hosts.flatMap((host, index) => {
      const result = reached[index];
      return result?.status === "rejected" ? [{ host, error: result.reason as Error }] : [];
    });
    const [only, another] = failed;
    if (another) throw hostsNotReached(failed, hosts.length);
    if (only) throw only.error;
  }

  /**
   * Does something that only observes, on a live connection; and again on another one when that was lost meanwhile.
   * @param withinSeconds how long the host is waited for, each time
   * @throws TransportError
   */
  async using<R>(host: string, withinSeconds: number, work: (connection: Connection) => Promise<R>): Promise<R> {
    for (let left = observations; ; left -= 1) {
      const connection = await this.#regain(host, withinSeconds);
      try {
        return await work(connection);
      } catch (error) {
        if (!lost(error) || left === 0) throw error;
        this.drop(connection);
      }
    }
  }

  /** Gives a connection up that something was lost on: the next one is a new one. */
  drop(connection: Connection): void {
    this.#connections.delete(connection.host);
    connection[Symbol.asyncDispose]().catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    // Not those that are being made: a host that does not answer is not to keep anybody. The transport gives them up.
    await Promise.allSettled([...this.#open].map((each) => each[Symbol.asyncDispose]()));
  }

  async #connect(host: string): Promise<Connection> {
    const connection = await this.#transport.connect(host);
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    if (this.#ended.signal.aborted) {
      await connection[Symbol.asyncDispose]();
      throw new Abandoned();
    }
    await this.#met(connection);
    return connection;
  }

  async #regain(host: string, withinSeconds: number): Promise<Connection> {
    const until = performance.now() + withinSeconds * 1000;
    for (const wait of waits) {
      try {
        return await this.at(host);
      } catch (error) {
        if (!transient(error) || performance.now() + wait * 1000 > until) throw error;
        // Cut short by the end, which the next attempt then meets.
        await pause(wait * 1000, undefined, { signal: this.#ended.signal }).catch(() => undefined);
      }
    }
    return await this.at(host);
  }
}

/** Whether the observation was lost, so that it can be made again on a new connection. */
export function lost(error: unknown): error is TransportError {
  return error instanceof TransportError && error.kind === "lost";
}

function transient(error: unknown): boolean {
  return error instanceof TransportError && (error.kind === "lost" || error.kind === "unreachable");
}
