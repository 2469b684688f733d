import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Binding } from "../../runner/binding.ts";
import { eventually } from "./eventually.ts";

const program = promisify(execFile);

/** What plain OpenSSH answered, with nothing of ours between. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command on a host as the binding's account, with plain ssh, its pins and nothing else. */
export async function ssh(binding: Binding, host: string, command: string, input = ""): Promise<Answer> {
  const folder = await settings(binding);
  try {
    const running = program("ssh", ["-F", join(folder, "config"), host, command], { maxBuffer: 2 ** 26 });
    running.child.stdin?.end(input);
    const { stdout, stderr } = await running;
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A port of this machine's that leads to another machine's. */
export interface Tunnel extends AsyncDisposable {
  readonly port: number;
}

/** Lets this machine reach `hongkong:443` by way of a host. */
export async function tunnel(binding: Binding, through: string, to: string): Promise<Tunnel> {
  const folder = await settings(binding);
  const port = await freePort();
  const forward = ["-o", "ExitOnForwardFailure=yes", "-L", `127.0.0.1:${port}:${to}`];
  const child = spawn("ssh", ["-F", join(folder, "config"), "-N", ...forward, through], { stdio: "inherit" });
  const ended = once(child, "close");
  await eventually(async () => child.exitCode !== null || (await listens(port)));
  if (child.exitCode !== null) throw new Error(`ssh to ${through} ended with status ${child.exitCode}`);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const open = await new Promise<boolean>((resolve) => {
    socket.on("connect", () => resolve(true));
    socket.on("error", () => resolve(false));
  });
  socket.destroy();
  return open;
}

/** A folder with a configuration that knows the binding's hosts and nothing else. */
async function settings(binding: Binding): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plain-ssh-"));
  await writeFile(join(folder, "known_hosts"), knownHosts(binding));
  await writeFile(join(folder, "config"), config(binding, join(folder, "known_hosts")));
  return folder;
}

function knownHosts({ hosts }: Binding): string {
  return Object.entries(hosts)
    .flatMap(([host, { hostKeys }]) => hostKeys.map((key) => `${host} ${key}\n`))
    .join("");
}

function config({ hosts }: Binding, knownHostsFile: string): string {
  const common = `Host *
  BatchMode yes
  StrictHostKeyChecking yes
  UserKnownHostsFile ${knownHostsFile}
  IdentitiesOnly yes
  ConnectTimeout 10
`;
  const blocks = Object.entries(hosts).map(
    ([host, { address, port = 22, user, identity, jump }]) => `Host ${host}
  HostName ${address}
  HostKeyAlias ${host}
  Port ${port}
  User ${user}
  IdentityFile ${identity}
  ${jump === undefined ? "" : `ProxyJump ${jump}`}
`,
  );
  return [...blocks, common].join("");
}
