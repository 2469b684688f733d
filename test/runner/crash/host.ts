import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

/** A host that can lose its power: a namespace of processes, with a supervisor's folders of its own. */
export interface CrashHost extends AsyncDisposable {
  readonly state: string;
  readonly live: string;
  /** Holds a program `ssh` that leads to it, for the front of a PATH. */
  readonly bin: string;
  /** All its processes end at once, /run is empty, and it boots again. */
  crash(): Promise<void>;
  /** Whether it has no process but its first. */
  isIdle(): boolean;
  /** A fresh one: it remembers nothing. */
  forget(): void;
}

export async function startHost(folder: string): Promise<CrashHost> {
  const [state, live, bin, boot] = ["state", "live", "bin", "boot"].map((name) => join(folder, name)) as Paths;
  for (const path of [state, live, bin]) mkdirSync(path, { recursive: true });
  const init = join(folder, "init");
  // What follows `--` is the host's name, then the command.
  const ssh = `while [ "$1" != -- ]; do shift; done; read -r init <'${init}' && exec nsenter -t "$init" -m -p sh -c "$3"`;
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\n${ssh}\n`, { mode: 0o755 });
  const empty = (path: string): void => {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
  };
  const start = async (): Promise<ChildProcess> => {
    writeFileSync(boot, `${randomUUID()}\n`);
    const machine = spawn("unshare", ["--mount", "--pid", "--fork", "--mount-proc", "bash", "-c", booting, folder], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    await once(machine.stdout, "data");
    writeFileSync(init, `${childrenOf(machine.pid)}\n`);
    return machine;
  };
  let machine = await start();
  const stop = async (): Promise<void> => {
    const gone = once(machine, "close");
    process.kill(Number(readFileSync(init, "utf8")), "SIGKILL");
    await gone;
  };
  return {
    state,
    live,
    bin,
    crash: async () => {
      await stop();
      empty(live);
      machine = await start();
    },
    isIdle: () => readdirSync(`/proc/${readFileSync(init, "utf8").trim()}/root/proc`).filter(isPid).length === 1,
    forget: () => {
      for (const path of [state, live]) empty(path);
    },
    [Symbol.asyncDispose]: stop,
  };
}

function childrenOf(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
}

function isPid(name: string): boolean {
  return /^\d+$/u.test(name);
}

type Paths = [string, string, string, string];

/** The first process of the host, which reaps the others and ends when nobody holds its stdin. */
const booting = `
  set -e
  mkdir -p /var/lib/drillbook /run/drillbook
  mount --bind "$0/state" /var/lib/drillbook
  mount --bind "$0/live" /run/drillbook
  mount --bind "$0" /mnt
  mount --bind "$0/boot" /proc/sys/kernel/random/boot_id
  echo up
  while read -r _; do :; done
`;
