import { setTimeout as pause } from "node:timers/promises";
import { TransportError, type Connection, type Transport } from "../transport/transport.ts";

/** Seconds before each new attempt to reach a host again. */
const waits = [0.2, 0.5, 1, 2, 4, 8, 15, 30];

/** The connections of a run: one a host, made when it is first wanted and made anew when it was lost. */
export class Hosts implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #met: (connection: Connection) => Promise<void>;
  readonly #connections = new Map<string, Promise<Connection>>();

  /** @param met called with each connection that was made, before anything else goes over it */
  constructor(transport: Transport, met: (connection: Connection) => Promise<void>) {
    this.#transport = transport;
    this.#met = met;
  }

  /** The live connection to a host. @throws TransportError */
  at(host: string): Promise<Connection> {
    const live = this.#connections.get(host);
    if (live) return live;
    const made = this.#connect(host);
    this.#connections.set(host, made);
    made.catch(() => this.#forget(host, made));
    return made;
  }

  /** Connects to all of them at once. @throws TransportError of the first, by name, that cannot be reached */
  async reach(hosts: readonly string[]): Promise<void> {
    const reached = await Promise.allSettled(hosts.map((host) => this.at(host)));
    const failed = reached.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** A new connection after one was lost, within so many seconds. @throws TransportError of the last attempt */
  async regain(host: string, withinSeconds: number): Promise<Connection> {
    const until = performance.now() + withinSeconds * 1000;
    for (const wait of waits) {
      try {
        return await this.at(host);
      } catch (error) {
        if (!transient(error) || performance.now() + wait * 1000 > until) throw error;
        await pause(wait * 1000);
      }
    }
    return await this.at(host);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = await Promise.allSettled(this.#connections.values());
    await Promise.allSettled(
      open.flatMap((each) => (each.status === "fulfilled" ? [each.value[Symbol.asyncDispose]()] : [])),
    );
  }

  async #connect(host: string): Promise<Connection> {
    const connection = await this.#transport.connect(host);
    void connection.closed.then(() => this.#forget(host));
    await this.#met(connection);
    return connection;
  }

  #forget(host: string, only?: Promise<Connection>): void {
    if (!only || this.#connections.get(host) === only) this.#connections.delete(host);
  }
}

/** Whether the observation was lost, so that it can be made again on a new connection. */
export function lost(error: unknown): error is TransportError {
  return error instanceof TransportError && error.kind === "lost";
}

function transient(error: unknown): boolean {
  return error instanceof TransportError && (error.kind === "lost" || error.kind === "unreachable");
}
