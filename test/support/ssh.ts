import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Binding } from "../../runner/binding.ts";

const program = promisify(execFile);

/** What plain OpenSSH answered, with nothing of ours between. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command on a host as the binding's account, with plain ssh, its pins and nothing else. */
export async function ssh(binding: Binding, host: string, command: string, input = ""): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), "plain-ssh-"));
  try {
    await writeFile(join(folder, "known_hosts"), knownHosts(binding));
    await writeFile(join(folder, "config"), config(binding, join(folder, "known_hosts")));
    const running = program("ssh", ["-F", join(folder, "config"), host, command]);
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
