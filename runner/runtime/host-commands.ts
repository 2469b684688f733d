import { TransportError, type Execution, type Job, type Result, type TokenStatus } from "../transport/transport.ts";
import { observe, variables, type HostCommand } from "./host-shell.ts";
import { lost, type Hosts } from "./hosts.ts";
import type { Interrupt } from "./interrupt.ts";
import type { ShellCall } from "./script-api.ts";

/** Where a command of a step runs. */
export interface At {
  readonly host: string;
  readonly as?: string;
  readonly timeoutSeconds?: number;
}

/** How long a lost host is waited for, in seconds, where the step has no shorter timeout. */
const patienceSeconds = 60;
/** How often one observation is made again because its connection was lost. */
const observations = 4;

/** Runs commands on hosts, and gets at their results even when connections are lost on the way. */
export class HostCommands {
  readonly #hosts: Hosts;
  readonly #interrupt: Interrupt;
  readonly #show: ((bytes: Uint8Array) => void) | undefined;

  /** @param show gets what commands print, as they print it */
  constructor(hosts: Hosts, interrupt: Interrupt, show?: (bytes: Uint8Array) => void) {
    this.#hosts = hosts;
    this.#interrupt = interrupt;
    this.#show = show;
  }

  /** Runs what only looks. It is run again when its result was lost. @throws TransportError, Abandoned */
  async inline(at: At, call: ShellCall): Promise<Result> {
    for (let left = observations; ; left -= 1) {
      const connection = await this.#interrupt.watch(this.#hosts.regain(at.host, patience(at)));
      try {
        return await this.#observe(call, (command) => connection.inline(job(at, command)));
      } catch (error) {
        if (!lost(error) || left === 0) throw error;
      }
    }
  }

  /**
   * Starts a change under its token and follows it to its end: when the connection is lost, its outcome is read from
   * the host on the next one. The command is sent once.
   * @throws TransportError, Abandoned when the outcome could not be observed
   */
  async detached(at: At, token: string, call: ShellCall, stdin?: Uint8Array): Promise<Result> {
    const connection = await this.#hosts.at(at.host);
    return await this.#observe(call, (command) => {
      const execution = connection.detached(token, { ...job(at, command), ...(stdin && { stdin }) });
      return { onOutput: (listener) => execution.onOutput(listener), result: this.#followed(at, token, execution) };
    });
  }

  /** Follows a command that was started before to its end. @throws TransportError, Abandoned */
  async attached(at: At, token: string): Promise<Result> {
    const connection = await this.#interrupt.watch(this.#hosts.regain(at.host, patience(at)));
    return await this.#interrupt.watch(this.#followed(at, token, this.#shown(connection.attach(token))));
  }

  /** What a host knows of a change that was sent before. @throws TransportError, Abandoned */
  async status(at: At, token: string): Promise<TokenStatus> {
    const asked = this.#hosts.regain(at.host, patience(at)).then((connection) => connection.status(token));
    return await this.#interrupt.watch(asked);
  }

  async #followed(at: At, token: string, first: Execution): Promise<Result> {
    let execution = first;
    for (let left = observations; ; left -= 1) {
      try {
        return await execution.result;
      } catch (error) {
        if (!lost(error) || left === 0) throw error;
        const again = await this.#reattached(at, token);
        if (!again) throw error;
        execution = again;
      }
    }
  }

  /** Attaches to a command on a new connection; nothing when that, too, can tell nothing of it. */
  async #reattached(at: At, token: string): Promise<Execution | undefined> {
    try {
      const connection = await this.#hosts.regain(at.host, patience(at));
      const { state } = await connection.status(token);
      return state === "running" || state === "exited" ? connection.attach(token) : undefined;
    } catch (error) {
      if (error instanceof TransportError) return undefined;
      throw error;
    }
  }

  async #observe(call: ShellCall, start: (command: HostCommand) => Execution): Promise<Result> {
    return await this.#interrupt.watch(observe(call, (command) => this.#shown(start(command))));
  }

  #shown(execution: Execution): Execution {
    const show = this.#show;
    if (show) execution.onOutput((_, bytes) => show(bytes));
    return execution;
  }
}

function job({ as, timeoutSeconds }: At, command: HostCommand): Job {
  return {
    text: command.text,
    vars: variables(command),
    ...(as !== undefined && { as }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

function patience({ timeoutSeconds }: At): number {
  return Math.min(patienceSeconds, timeoutSeconds ?? patienceSeconds);
}
