import { TransportError, type Connection, type Execution, type Job, type Result } from "../transport/transport.ts";
import { observe, variables, type HostCommand } from "./host-shell.ts";
import { lost, type Hosts } from "./hosts.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Mask } from "./mask.ts";
import { masked } from "./masked.ts";
import type { ShellCall } from "./script-api.ts";

/** Where a command of a step runs. */
export interface At {
  readonly host: string;
  readonly as?: string;
  readonly timeoutSeconds?: number;
}

/** How long a lost host is waited for, in seconds, where the step has no shorter timeout. */
const patienceSeconds = 60;

/** Runs commands on hosts, and gets at their results even when connections are lost on the way. */
export class HostCommands {
  readonly #hosts: Hosts;
  readonly #interrupt: Interrupt;
  readonly #mask: Mask;
  readonly #show: ((bytes: Uint8Array) => void) | undefined;

  /**
   * @param mask hides secrets in all that commands print
   * @param show gets what they print, as they print it
   */
  constructor(hosts: Hosts, interrupt: Interrupt, mask: Mask, show?: (bytes: Uint8Array) => void) {
    this.#hosts = hosts;
    this.#interrupt = interrupt;
    this.#mask = mask;
    this.#show = show;
  }

  /** Runs what only looks. It is run again when its result was lost. @throws TransportError, Abandoned */
  async inline(at: At, call: ShellCall): Promise<Result> {
    const run = (connection: Connection): Promise<Result> =>
      this.#observe(call, (command) => connection.inline(job(at, command)));
    return await this.#interrupt.watch(this.#hosts.using(at.host, patience(at), run));
  }

  /**
   * Starts a change under its token and follows it to its end: when the connection is lost, its outcome is read from
   * the host on the next one. The command is sent once, and on the connection that its guards were asked on.
   * @throws TransportError, Abandoned when the outcome could not be observed
   */
  async detached(connection: Connection, at: At, token: string, call: ShellCall, stdin?: Uint8Array): Promise<Result> {
    const started = this.#observe(call, (command) => {
      const execution = connection.detached(token, { ...job(at, command), ...(stdin && { stdin }) });
      const onOutput: Execution["onOutput"] = (listener) => execution.onOutput(listener);
      return { onOutput, result: this.#followed(at, token, connection, execution) };
    });
    return await this.#interrupt.watch(started);
  }

  /**
   * The outcome of a change that was sent before, which is waited for where it still runs; or what the host says
   * instead. @throws TransportError, Abandoned
   */
  async outcome(at: At, token: string): Promise<Result | "absent" | "lost"> {
    const read = async (connection: Connection): Promise<Result | "absent" | "lost"> => {
      const { state } = await connection.status(token);
      if (state === "absent" || state === "lost") return state;
      return await this.#shown(connection.attach(token)).result;
    };
    return await this.#interrupt.watch(this.#hosts.using(at.host, patience(at), read));
  }

  /** Whether the command that was sent under a token still runs. @throws TransportError, Abandoned */
  async stillRuns(at: At, token: string): Promise<boolean> {
    const look = async (connection: Connection): Promise<boolean> =>
      (await connection.status(token)).state === "running";
    return await this.#interrupt.watch(this.#hosts.using(at.host, patience(at), look));
  }

  async #followed(at: At, token: string, connection: Connection, execution: Execution): Promise<Result> {
    try {
      return await execution.result;
    } catch (error) {
      if (!lost(error)) throw error;
      this.#hosts.drop(connection);
      const outcome = await this.outcome(at, token).catch((second: unknown) => {
        if (second instanceof TransportError) return undefined;
        throw second;
      });
      if (typeof outcome === "object") return outcome;
      throw error;
    }
  }

  async #observe(call: ShellCall, start: (command: HostCommand) => Execution): Promise<Result> {
    return await observe(call, (command) => this.#shown(start(command)));
  }

  #shown(started: Execution): Execution {
    const execution = masked(started, this.#mask);
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
