import { spawn } from "node:child_process";
import { open } from "./open.ts";
import { launcher, launchOnHost, type Launch } from "./launch.ts";
import type { Mode } from "./protocol.ts";
import type { Connection, Transport } from "./transport.ts";

export interface LocalOptions extends Partial<Launch> {
  readonly run: string;
  readonly mode: Mode;
}

/** The supervisor on this very machine, as the user who runs this program. */
export class LocalTransport implements Transport {
  readonly #options: LocalOptions;

  constructor(options: LocalOptions) {
    this.#options = options;
  }

  async connect(host: string): Promise<Connection> {
    const { run, mode, ...launch } = this.#options;
    const child = spawn("/bin/sh", ["-c", launcher({ ...launchOnHost, ...launch })]);
    return await open(host, child, { run, mode });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is kept on this machine but by its supervisors.
  }
}
