import { execFile, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Disaster } from "../../../dsl/disaster.ts";
import type { Binding } from "../../../runner/binding.ts";
import type { OperatorSeat, ProbeAnswer, World, WorldKind } from "../../../runner/drill/world.ts";
import { folderLedger } from "./ledger.ts";

/** What can go wrong with the machines of a folder world. */
export type Fault = "not prepared" | "closed to writers" | "cannot be removed";

const probes = ["reads", "writes", "archive-there", "copy-restores"] as const;
export type FolderProbe = (typeof probes)[number];

/**
 * A world without containers: one host, `server`, whose disks are folders of this machine. Its scripts are the real
 * ones, with the real supervisor; only the network between them is a program of its own, beside this file.
 */
export function folderWorld(home: string, faults: readonly Fault[] = []): WorldKind<FolderProbe> {
  return {
    name: "folder",
    probes,
    ledgerIn: [{ of: { host: "server" }, asset: "rows" }],
    cost: { firstSeconds: 2, nextSeconds: 1, diskMiB: 1, memoryMiB: 50 },
    async prepare(progress) {
      progress("making room");
      if (faults.includes("not prepared")) throw new Error("there is no room");
      await mkdir(home, { recursive: true });
    },
    async steady(key, backUp, progress) {
      const kept = join(home, `steady-${key}`);
      if (!existsSync(kept)) {
        progress("building the steady state");
        const folder = await furnish(home);
        await backUp(worldIn(folder, []));
        await copyDisks(folder, `${kept}.new`);
        await rename(`${kept}.new`, kept);
        await rm(folder, { recursive: true });
      }
      return {
        images: { server: `sha256:${key}` },
        async fork() {
          const folder = await mkdtemp(join(home, "fork-"));
          await copyDisks(kept, folder);
          if (faults.includes("closed to writers")) await rm(join(folder, "srv/data/open"));
          return worldIn(folder, faults);
        },
      };
    },
    // Nothing of this world runs when its process has ended, and its folder goes with the project's.
    sweep: async () => undefined,
  };
}

async function furnish(home: string): Promise<string> {
  const folder = await mkdtemp(join(home, "new-"));
  for (const each of ["srv/data", "srv/archive", "var/lib", "run", "bin"])
    await mkdir(join(folder, each), { recursive: true });
  for (const each of ["rows", "open"]) await writeFile(join(folder, "srv/data", each), "");
  return folder;
}

/** What a machine has on its disks: /run is empty after a boot. */
async function copyDisks(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => path !== join(from, "run") });
  await mkdir(join(to, "run"));
}

function worldIn(folder: string, faults: readonly Fault[]): World {
  const srv = join(folder, "srv");
  const ledger = folderLedger(srv);
  let kept = false;
  return {
    ledger,
    binding: async () => binding,
    strike: async (disaster) => strike(folder, disaster),
    probe: async (name) => answers[name as FolderProbe](srv),
    cut: async () => undefined,
    restart: async () => undefined,
    operator: async (kit) => seat(kit, folder),
    secret: async (name) => `the ${name} of this folder`,
    keep: async () => {
      kept = true;
    },
    shells: () => ({ server: `cd ${folder}` }),
    dataBytes: async () => statSync(join(srv, "data/rows")).size,
    async [Symbol.asyncDispose]() {
      await ledger.stop();
      if (faults.includes("cannot be removed")) throw new Error("the folder is busy");
      if (!kept) await rm(folder, { recursive: true });
    },
  };
}

// No ssh looks at this key: the program that stands in its place has no network to cross.
const hostKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFolderWorldHasNoNetworkAndNoKeyThatAnybodyChecks"];
const binding: Binding = {
  v: 1,
  hosts: { server: { role: "server", address: "127.0.0.1", become: "none", hostKeys } },
};

const yes: ProbeAnswer = { answer: "yes", evidence: "seen" };
const no = (evidence: string): ProbeAnswer => ({ answer: "no", evidence });
const answers: Readonly<Record<FolderProbe, (srv: string) => Promise<ProbeAnswer>>> = {
  reads: async (srv) => (existsSync(join(srv, "data/rows")) ? yes : no("there are no rows")),
  writes: async (srv) => (existsSync(join(srv, "data/open")) ? yes : no("writers are kept out")),
  "archive-there": async (srv) => (existsSync(join(srv, "archive")) ? yes : no("there is no archive")),
  async "copy-restores"(srv) {
    const [rows, copy] = await Promise.all(
      ["data/rows", "archive/rows"].map((file) => readFile(join(srv, file), "utf8")),
    );
    return rows === copy ? yes : no("the newest copy has other rows");
  },
};

async function strike(folder: string, { blows }: Disaster): Promise<void> {
  for (const blow of blows) {
    if (blow.blow !== "run") throw new Error(`a folder cannot be struck by "${blow.blow}"`);
    await promisify(execFile)("bash", ["-euc", blow.run.text], { cwd: join(folder, "srv") });
  }
}

async function seat(kit: string, folder: string): Promise<OperatorSeat> {
  const bin = join(folder, "bin");
  await copyFile(join(import.meta.dirname, "ssh.sh"), join(bin, "ssh"));
  await chmod(join(bin, "ssh"), 0o755);
  const file = join(folder, "binding.json");
  await writeFile(file, JSON.stringify(binding));
  const env = {
    PATH: `${bin}:${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    FOLDER_WORLD: folder,
    DRILLBOOK_STATE: join(folder, "operator"),
  };
  return {
    run: (script, args, { onLine, signal } = {}) =>
      new Promise((resolve, reject) => {
        const began = performance.now();
        const child = spawn(process.execPath, [join(kit, script), "--binding", file, ...args], { env });
        const said = { stdout: "", stderr: "" };
        for (const stream of ["stdout", "stderr"] as const) {
          child[stream].setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
        }
        createInterface({ input: child.stdout }).on("line", (line) => onLine?.(line));
        child.stdin.end();
        signal?.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
        child.on("error", reject).on("close", (code) => {
          resolve({ code: code ?? 1, ...said, seconds: (performance.now() - began) / 1000 });
        });
      }),
  };
}
