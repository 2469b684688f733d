import { HostHeld } from "../transport/errors.ts";
import type { Claim, Connection } from "../transport/transport.ts";
import type { Hosts } from "./hosts.ts";
import { hostLocked, locksHeldAlive } from "./run-errors.ts";

/** The hosts that a run holds: all of its hosts, from before its first change until it is complete. */
export class Locks {
  readonly #hosts: Hosts;
  readonly #names: readonly string[];
  readonly #claim: Claim;
  readonly #abandoned: string | undefined;
  readonly #broke: (host: string, claim: Claim) => void;
  readonly #taken: string[] = [];
  #taking: Promise<void> | undefined;

  /**
   * @param names in order, so that two runs never wait for each other
   * @param abandoned a run whose claims may be set aside
   * @param broke called when one was
   */
  constructor(
    hosts: Hosts,
    names: readonly string[],
    claim: Claim,
    abandoned: string | undefined,
    broke: (host: string, claim: Claim) => void,
  ) {
    this.#hosts = hosts;
    this.#names = names;
    this.#claim = claim;
    this.#abandoned = abandoned;
    this.#broke = broke;
  }

  /** The hosts that are held. */
  get held(): readonly string[] {
    return this.#taken;
  }

  /** Takes all of them, once. @throws RunError DB3309, DB3316 */
  take(): Promise<void> {
    return (this.#taking ??= this.#takeAll());
  }

  async #takeAll(): Promise<void> {
    for (const name of this.#names.slice(this.#taken.length)) {
      await this.#lock(await this.#hosts.at(name));
      this.#taken.push(name);
    }
  }

  /** Takes a held host again on a new connection: the old one's lock went with it, and only the claim was left. */
  async renew(connection: Connection): Promise<void> {
    if (this.#taken.includes(connection.host)) await this.#lock(connection);
  }

  /** Gives them back. */
  async release(): Promise<void> {
    for (const host of this.#taken.splice(0)) await (await this.#hosts.at(host)).unlock(this.#claim.run);
  }

  /** Sets another run's claim aside. @throws RunError DB3316 while a command of it still runs there */
  async #giveUp(connection: Connection, run: string): Promise<void> {
    try {
      await connection.unlock(run);
    } catch (error) {
      if (error instanceof HostHeld) throw locksHeldAlive(connection.host, run);
      throw error;
    }
  }

  async #lock(connection: Connection): Promise<void> {
    const answer = await connection.lock(this.#claim);
    if (answer.locked) return;
    const { holder, alive } = answer;
    if (holder.run !== this.#abandoned) throw hostLocked(connection.host, holder, alive);
    if (alive) throw locksHeldAlive(connection.host, holder.run);
    await this.#giveUp(connection, holder.run);
    this.#broke(connection.host, holder);
    await this.#lock(connection);
  }
}
