import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall } from "../../../fixtures/engine/install.ts";
import type { Hosts } from "./hosts.ts";
import { timed } from "./timed.ts";

/** Another tool, with the same work. */
export interface Other {
  /** With its version. */
  readonly name: string;
  /** Milliseconds of so many steps on one host, one command a step; absent where the tool has no way of its own. */
  readonly row?: (steps: number) => Promise<number>;
  /** … of one step on so many hosts, fifty at a time. */
  readonly all?: (count: number) => Promise<number>;
}

const packages = { ansible: "ansible-core", pdsh: "pdsh", clush: "clustershell" } as const;

/** Installs from the Debian archive what is compared with, where it is missing, and says so. */
export async function installOthers(): Promise<void> {
  const missing = Object.entries(packages).flatMap(([program, name]) =>
    existsSync(`/usr/bin/${program}`) ? [] : [name],
  );
  if (missing.length > 0) await aptInstall(missing, (doing) => process.stderr.write(`bench: ${doing}\n`));
}

const said = (program: string, ...args: readonly string[]): string => {
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return /\d+(?:\.\d+)+\w*/u.exec(stdout + stderr)?.[0] ?? "?";
};

/** Every tool that is compared with. */
export function others(hosts: Hosts): readonly Other[] {
  const ssh = `OpenSSH ${said("ssh", "-V")}`;
  return [
    { name: `bare multiplexed ssh (${ssh})`, row: (steps) => bareRow(hosts, steps) },
    { name: `ssh, 50 at a time by xargs (${ssh})`, all: (count) => bareAll(hosts, count) },
    {
      name: `zx ${zxVersion()} with multiplexed ssh`,
      row: (steps) => zxRow(hosts, steps),
      all: (count) => zxAll(hosts, count),
    },
    ...[false, true].map((pipelining) => ansible(hosts, pipelining)),
    { name: `pdsh ${said("pdsh", "-V")}`, all: (count) => pdsh(hosts, count) },
    { name: `clush ${said("clush", "--version")}`, all: (count) => clush(hosts, count) },
  ];
}

const control = (hosts: Hosts): readonly string[] => {
  const path = join(hosts.shared, "%C");
  const sharing = ["ControlMaster=auto", "ControlPersist=60", `ControlPath=${path}`];
  return ["-F", hosts.config, ...sharing.flatMap((each) => ["-o", each])];
};

async function bareRow(hosts: Hosts, steps: number): Promise<number> {
  const file = join(hosts.folder, "row.sh");
  const words = ["ssh", ...control(hosts), "h1"].join(" ");
  writeFileSync(file, `set -e\n${`${words} '${hosts.command}' </dev/null\n`.repeat(steps)}`);
  const took = await timed("sh", [file]);
  leave(hosts);
  return took;
}

async function bareAll(hosts: Hosts, count: number): Promise<number> {
  const file = join(hosts.folder, "names");
  writeFileSync(file, `${hosts.names(count).join("\n")}\n`);
  return await timed("xargs", [
    "-a",
    file,
    "-P",
    "50",
    "-I",
    "{}",
    "ssh",
    "-F",
    hosts.config,
    "-n",
    "{}",
    hosts.command,
  ]);
}

async function zxRow(hosts: Hosts, steps: number): Promise<number> {
  const took = await zx(
    hosts,
    `for (let step = 0; step < ${steps}; step += 1) await $\`ssh \${control} h1 \${command}\`;`,
  );
  leave(hosts);
  return took;
}

async function zxAll(hosts: Hosts, count: number): Promise<number> {
  const names = JSON.stringify(hosts.names(count));
  const worker = `async () => { for (let name; (name = names.pop());) await $\`ssh -F ${hosts.config} -n \${name} \${command}\`; }`;
  return await zx(hosts, `const names = ${names}; await Promise.all(Array.from({ length: 50 }, ${worker}));`);
}

async function zx(hosts: Hosts, body: string): Promise<number> {
  const file = join(hosts.folder, "with-zx.mjs");
  const core = JSON.stringify(import.meta.resolve("zx/core"));
  const head = `import { $ } from ${core};\nconst control = ${JSON.stringify(control(hosts))}, command = ${JSON.stringify(hosts.command)};`;
  writeFileSync(file, `${head}\n${body}\n`);
  return await timed(process.execPath, [file]);
}

function zxVersion(): string {
  const { version } = JSON.parse(
    execFileSync(process.execPath, ["-p", `JSON.stringify(require("zx/package.json"))`], { encoding: "utf8" }),
  ) as {
    readonly version: string;
  };
  return version;
}

function ansible(hosts: Hosts, pipelining: boolean): Other {
  const { user, port, identity } = hosts.login;
  const file = (name: string, text: string): string => {
    const path = join(hosts.folder, name);
    writeFileSync(path, text);
    return path;
  };
  const play = async (count: number, steps: number): Promise<number> => {
    const lines = hosts.names(count).map((name) => `${name} ansible_host=${hosts.address(name)}`);
    const inventory = file("inventory", `${lines.join("\n")}\n`);
    const tasks = `    - ansible.builtin.command: ${hosts.command}\n`.repeat(steps);
    const playbook = file("play.yml", `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`);
    const vars = {
      ansible_user: user,
      ansible_port: port,
      ansible_ssh_private_key_file: identity,
      ansible_python_interpreter: "/usr/bin/python3",
    };
    const args = ["-i", inventory, "-e", JSON.stringify(vars), "--forks", "50", playbook];
    const took = await timed("/usr/bin/ansible-playbook", args, {
      ANSIBLE_PIPELINING: String(pipelining),
      ANSIBLE_HOST_KEY_CHECKING: "false",
      ANSIBLE_SSH_CONTROL_PATH_DIR: hosts.shared,
      ANSIBLE_REMOTE_TEMP: join(hosts.folder, "ansible"),
      ANSIBLE_LOCAL_TEMP: join(hosts.folder, "ansible-here"),
    });
    leave(hosts);
    return took;
  };
  return {
    name: `Ansible ${said("/usr/bin/ansible", "--version")}, pipelining ${pipelining ? "on" : "off"}`,
    row: (steps) => play(1, steps),
    all: (count) => play(count, 1),
  };
}

async function pdsh(hosts: Hosts, count: number): Promise<number> {
  const env = { PDSH_SSH_ARGS: `-F ${hosts.config} -n %h`, PDSH_RCMD_TYPE: "ssh" };
  return await timed("/usr/bin/pdsh", ["-f", "50", "-w", hosts.names(count).join(","), hosts.command], env);
}

async function clush(hosts: Hosts, count: number): Promise<number> {
  const args = ["-q", "-f", "50", "-o", `-F ${hosts.config}`, "-w", hosts.names(count).join(","), hosts.command];
  return await timed("/usr/bin/clush", args);
}

/** Ends the connections that were shared, so that nobody finds the way prepared. By their sockets: Ansible has names of its own. */
function leave(hosts: Hosts): void {
  for (const socket of readdirSync(hosts.shared))
    spawnSync("ssh", ["-o", `ControlPath=${join(hosts.shared, socket)}`, "-O", "exit", "h1"]);
}
