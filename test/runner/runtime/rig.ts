import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { emitScript } from "../../../dsl/compile/emit/script.ts";
import type { Runbook } from "../../../dsl/index.ts";
import { buildRuntime, placeRuntime, type RuntimeFile } from "../../../runner/build/runtime.ts";
import type { BoundHost } from "../../../runner/binding.ts";
import { parseJournal } from "../../../runner/journal/reader.ts";
import { sha256 } from "../../../runner/journal/line.ts";
import type { Record } from "../../../runner/journal/record.ts";
import { seal } from "../../../runner/runtime/kit-identity.ts";
import { endJobs } from "../../support/end-jobs.ts";
import { onTerminal, type OnTerminal, type TerminalOptions } from "../../support/terminal.ts";
import { ownHost } from "../../support/own-host.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

/** A folder with a kit in it, and real hosts: this machine over ssh, each with a supervisor's folders of its own. */
export interface Rig extends AsyncDisposable {
  /** Everything is in here; `work` is for what commands on the host make. */
  readonly folder: string;
  readonly work: string;
  readonly state: string;
  /** What the host's supervisor keeps over a reboot. */
  readonly hostState: string;
  readonly binding: string;
  readonly bound: BoundHost;
  readonly sshd: Sshd;
  readonly runtime: RuntimeFile;
  /** Emits a runbook's script into the kit, and gives its path. */
  script(runbook: Runbook): string;
  /** A script's text with the digest that it must have after it was altered. */
  sealed(script: string): string;
  /** Makes a new folder of programs, each a shell script of this text, and gives its path. */
  programs(texts: { readonly [name: string]: string }): string;
  /** Writes a binding of these hosts, and gives its path. */
  bind(hosts: { readonly [name: string]: unknown }): string;
  /** Another machine answers from the next connection on: it has the host's keys and folders, and this machine-id. */
  swap(machineId: string): void;
  /** The hosts that the binding has. */
  readonly hosts: readonly string[];
  /** Lets the hosts forget every run: no claim, no outcome. */
  freshHost(): void;
  /** Runs a script to its end, as an operator without a terminal would. */
  call(script: string, ...args: readonly string[]): Promise<Called>;
  /** Starts a script, with the binding and the state folder given. */
  start(script: string, ...args: readonly string[]): Running;
  /** Starts a script on a terminal of its own. */
  onTerminal(terminal: TerminalOptions, script: string, ...args: readonly string[]): Promise<OnTerminal>;
  /** The runs on record, oldest first. */
  runs(): readonly string[];
  records(run?: string): readonly Record[];
}

export interface Called {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, for messages that may stand in either. */
  readonly all: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Called>;
  /** The ssh processes that are its connections. */
  connections(): readonly number[];
  /** What it has printed so far. */
  said(): string;
}

/** The machine's own Node, which scripts must do with; the toolkit's newer one where there is no other. */
const node =
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"))
    .find((file) => existsSync(file)) ?? process.execPath;

/** @param hosts how many hosts the binding has: `db1`, `db2`, … */
export async function startRig(hosts = 1): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "rig-"));
  const paths = { work: join(folder, "work"), state: join(folder, "state"), kit: join(folder, "kit") };
  for (const path of Object.values(paths)) mkdirSync(path);
  const [sshd, runtime] = await Promise.all([
    startSshd([`ForceCommand ${ownHost(folder)}`, noStartUp], hosts === 1 ? "one" : "many"),
    buildRuntime(),
  ]);
  await placeRuntime(paths.kit, runtime);
  const bound = { ...sshd.bound, role: "database-server" };
  const bind = (hosts: { readonly [name: string]: unknown }): string => {
    const file = join(mkdtempSync(join(folder, "binding-")), "hosts.json");
    writeFileSync(file, JSON.stringify({ v: 1, hosts }));
    return file;
  };
  const address = (index: number): string => `127.0.${Math.floor(index / 200)}.${(index % 200) + 1}`;
  const names = Array.from({ length: hosts }, (_, index) => [`db${index + 1}`, address(index)] as const);
  const binding = bind(Object.fromEntries(names.map(([name, address]) => [name, { ...bound, address }])));
  const placed = (args: readonly string[]): readonly string[] =>
    args.includes("--binding") || args.includes("--resume") ? args : ["--binding", binding, ...args];
  const start: Rig["start"] = (script, ...args) => running([script, ...placed(args)], { DRILLBOOK_STATE: paths.state });
  const begun = (run: string): number => statSync(join(paths.state, run)).birthtimeMs;
  const runs = (): readonly string[] => readdirSync(paths.state).sort((a, b) => begun(a) - begun(b));
  return {
    folder,
    ...paths,
    hosts: names.map(([name]) => name),
    hostState: join(folder, "host-127.0.0.1-0"),
    binding,
    bound,
    sshd,
    bind,
    runtime,
    script: (runbook) => {
      const file = join(paths.kit, `${runbook.plan.id}.mjs`);
      writeFileSync(file, emitScript(runbook.plan, runtime), { mode: 0o755 });
      return file;
    },
    sealed: (text) => {
      const [first = "", , ...below] = text.split("\n");
      return [first, seal + sha256(below.join("\n")), ...below].join("\n");
    },
    programs: (texts) => {
      const made = mkdtempSync(join(paths.work, "programs-"));
      for (const [name, text] of Object.entries(texts)) {
        writeFileSync(join(made, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      }
      return made;
    },
    swap: (machineId) => writeFileSync(join(folder, "machine-id"), `${machineId}\n`),
    freshHost: () => {
      for (const own of hostFolders(folder)) {
        endJobs(own);
        for (const name of readdirSync(own)) rmSync(join(own, name), { recursive: true });
      }
    },
    start,
    onTerminal: ({ columns, env }, script, ...args) =>
      onTerminal([node, script, ...placed(args)], { columns, env: { DRILLBOOK_STATE: paths.state, ...env } }),
    call: (script, ...args) => start(script, ...args).ended,
    runs,
    records: (run = runs().at(-1) ?? "") => {
      const file = join(paths.state, run, "journal.jsonl");
      return parseJournal(readFileSync(file), file).records;
    },
    [Symbol.asyncDispose]: () => end(sshd, folder),
  };
}

/** Without a home, so that no start-up file of the account holds up a login. */
const noStartUp = "SetEnv HOME=/nonexistent";

/** Where a rig has the folders that its hosts' supervisors keep their files in. */
const hostFolders = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith("host-"))
    .map((name) => join(folder, name));

function running(command: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(node, command, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const connections = (): readonly number[] => {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
    return children.trim().split(" ").map(Number);
  };
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
  }
  const ended = once(child, "close").then(([code]): Called => {
    return { code: code as number | null, ...said, all: said.stdout + said.stderr };
  });
  return { child, ended, said: () => said.stdout + said.stderr, connections };
}

async function end(sshd: Sshd, folder: string): Promise<void> {
  await sshd[Symbol.asyncDispose]();
  for (const own of hostFolders(folder)) endJobs(own);
  rmSync(folder, { recursive: true, force: true });
}
