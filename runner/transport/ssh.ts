import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Binding, BoundHost } from "../binding.ts";
import { cannotBecomeRoot, otherMachine, unbound } from "./errors.ts";
import { launcher, launchOnHost, type Launch } from "./launch.ts";
import { open } from "./open.ts";
import type { Machine, Mode } from "./protocol.ts";
import { knownHosts, sshConfig } from "./ssh-config.ts";
import { explainSsh, sshWords } from "./ssh-failure.ts";
import type { Connection, Transport, TransportError } from "./transport.ts";

export interface SshOptions extends Partial<Launch> {
  /** With absolute paths. */
  readonly binding: Binding;
  readonly run: string;
  readonly mode: Mode;
}

/** OpenSSH with a configuration of the run's own, one connection a host. */
export class SshTransport implements Transport {
  readonly #options: SshOptions;
  readonly #folder: string;
  readonly #opening = new Set<ChildProcess>();

  /** @throws TransportError where the binding holds what ssh must not be given */
  constructor(options: SshOptions) {
    this.#options = options;
    const folder = mkdtempSync(join(tmpdir(), "drillbook-"));
    this.#folder = folder;
    try {
      writeFileSync(join(folder, "known_hosts"), knownHosts(options.binding), { mode: 0o600 });
      writeFileSync(this.#config, sshConfig(options.binding, join(folder, "known_hosts")), { mode: 0o600 });
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  async connect(host: string): Promise<Connection> {
    const { binding, run, mode, ...launch } = this.#options;
    const bound = binding.hosts[host];
    if (!bound) throw unbound(host);
    const remote = command(bound, { ...launchOnHost, ...launch });
    // Out of the terminal's reach: its Ctrl-C is the runner's to answer, and must not end the connection.
    const child = spawn("ssh", ["-F", this.#config, "-T", "--", host, remote], { detached: true });
    this.#opening.add(child);
    try {
      return await open(host, child, {
        run,
        mode,
        check: (machine) => refusal(host, bound, machine),
        explain: (stderr) => explainSsh(host, binding, stderr),
        words: sshWords,
      });
    } finally {
      this.#opening.delete(child);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#opening].map(ended));
    this.#remove();
  }

  get #config(): string {
    return join(this.#folder, "ssh_config");
  }

  #remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Ends an ssh that leads nowhere yet, with those to its jump hosts, which would go on until they give up. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  // It leads a group of its own.
  process.kill(-child.pid, "SIGKILL");
  await gone;
}

/** What the login shell is asked to become. The launcher has nothing in it that single quotes do not protect. */
function command(bound: BoundHost, launch: Launch): string {
  return `exec ${bound.become === "none" ? "" : "sudo -n "}/bin/sh -c '${launcher(launch)}'`;
}

function refusal(host: string, bound: BoundHost, machine: Machine): TransportError | undefined {
  if (bound.machineId !== undefined && bound.machineId !== machine.machineId) {
    return otherMachine(host, bound.machineId, machine.machineId);
  }
  return machine.user === "root" ? undefined : cannotBecomeRoot(host, `it is ${machine.user}`);
}
