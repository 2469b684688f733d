import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownHost } from "../../support/own-host.ts";
import { startSshd } from "../../support/sshd.ts";

/** Hosts that are addresses of this machine, behind one real sshd: `h1`, `h2`, … */
export interface Hosts extends AsyncDisposable {
  readonly folder: string;
  /** Of ssh, for those that are not ours. */
  readonly config: string;
  /** Where ssh keeps the sockets of connections that it shares. */
  readonly shared: string;
  /** Of ours. */
  readonly binding: string;
  /** What a step does; the same text for everybody. */
  readonly command: string;
  readonly login: { readonly user: string; readonly port: number; readonly identity: string };
  names(count: number): readonly string[];
  address(name: string): string;
}

export async function startHosts(most: number): Promise<Hosts> {
  const folder = mkdtempSync(join(tmpdir(), "cost-"));
  const made = join(folder, "made");
  const shared = join(folder, "shared");
  mkdirSync(shared);
  // Ours alone pays for a mount namespace: each address must be a host of its own to its supervisor.
  const sshd = await startSshd(
    ["SetEnv HOME=/nonexistent", `ForceCommand ${ownHost(folder, "supervisor")}`, "MaxSessions 100", "MaxStartups 500"],
    "many",
  );
  const { port = 22, user = "root", identity = "" } = sshd.bound;
  const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `h${index + 1}`);
  const address = (name: string): string => `127.0.1.${name.slice(1)}`;
  const config = join(folder, "ssh_config");
  const blocks = names(most).map((name) => `Host ${name}\n  HostName ${address(name)}\n`);
  const all = {
    Port: port,
    User: user,
    IdentityFile: identity,
    BatchMode: "yes",
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: "/dev/null",
    LogLevel: "ERROR",
  };
  const common = Object.entries(all).map(([key, value]) => `  ${key} ${value}\n`);
  writeFileSync(config, `${blocks.join("")}Host *\n${common.join("")}`);
  const binding = join(folder, "hosts.json");
  const bound = (name: string) => ({ ...sshd.bound, role: "server", address: address(name) });
  const hosts = Object.fromEntries(names(most).map((name) => [name, bound(name)]));
  writeFileSync(binding, JSON.stringify({ v: 1, hosts }));
  return {
    folder,
    config,
    shared,
    binding,
    command: `mkdir -p ${made}`,
    login: { user, port, identity },
    names,
    address,
    async [Symbol.asyncDispose]() {
      await sshd[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
