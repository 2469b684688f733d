import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { emitScript } from "../../../dsl/compile/emit/script.ts";
import { host, role, type Runbook } from "../../../dsl/index.ts";
import { buildRuntime, placeRuntime, type RuntimeFile } from "../../../runner/build/runtime.ts";
import type { BoundHost } from "../../../runner/binding.ts";
import { parseJournal } from "../../../runner/journal/reader.ts";
import type { Record } from "../../../runner/journal/record.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

/** The role and the host that the tests' runbooks are about. */
export const databaseServer = role("database-server", { assets: ["database", "log"] });
export const db1 = host("db1", databaseServer);

/** A folder with a kit in it, and one real host: this machine over ssh, with a supervisor's folders of its own. */
export interface Rig extends AsyncDisposable {
  /** Everything is in here; `work` is for what commands on the host make. */
  readonly folder: string;
  readonly work: string;
  readonly state: string;
  readonly binding: string;
  readonly bound: BoundHost;
  readonly runtime: RuntimeFile;
  /** Emits a runbook's script into the kit, and gives its path. */
  script(runbook: Runbook): string;
  /** Writes a binding of these hosts, and gives its path. */
  bind(hosts: { readonly [name: string]: unknown }): string;
  /** Runs a script to its end, as an operator without a terminal would. */
  call(script: string, ...args: readonly string[]): Promise<Called>;
  /** Starts a script, with the binding and the state folder given. */
  start(script: string, ...args: readonly string[]): Running;
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

export async function startRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "rig-"));
  const paths = { work: join(folder, "work"), state: join(folder, "state"), kit: join(folder, "kit") };
  for (const path of Object.values(paths)) mkdirSync(path);
  const [sshd, runtime] = await Promise.all([startSshd([`ForceCommand ${ownHost(folder)}`]), buildRuntime()]);
  await placeRuntime(paths.kit, runtime);
  const bound = { ...sshd.bound, role: "database-server" };
  const bind = (hosts: { readonly [name: string]: unknown }): string => {
    const file = join(mkdtempSync(join(folder, "binding-")), "hosts.json");
    writeFileSync(file, JSON.stringify({ v: 1, hosts }));
    return file;
  };
  const binding = bind({ db1: bound });
  const start: Rig["start"] = (script, ...args) => {
    const given = args.includes("--binding") || args.includes("--resume") ? args : ["--binding", binding, ...args];
    return running([script, ...given], { DRILLBOOK_STATE: paths.state });
  };
  const runs = (): readonly string[] => readdirSync(paths.state).sort();
  return {
    folder,
    ...paths,
    binding,
    bound,
    bind,
    runtime,
    script: (runbook) => {
      const file = join(paths.kit, `${runbook.plan.id}.mjs`);
      writeFileSync(file, emitScript(runbook.plan, runtime), { mode: 0o755 });
      return file;
    },
    start,
    call: (script, ...args) => start(script, ...args).ended,
    runs,
    records: (run = runs().at(-1) ?? "") => {
      const file = join(paths.state, run, "journal.jsonl");
      return parseJournal(readFileSync(file), file).records;
    },
    [Symbol.asyncDispose]: () => end(sshd, folder),
  };
}

/** What a login runs: the supervisor's folders become private ones, so that no test sees another's locks. */
function ownHost(folder: string): string {
  const file = join(folder, "login");
  const places = ["/var/lib/drillbook", "/run/drillbook"].map((place) => {
    const own = join(folder, `host${place.replaceAll("/", "-")}`);
    mkdirSync(own);
    return `mkdir -p ${place}; mount --bind ${own} ${place}`;
  });
  const inside = `${places.join("; ")}; exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`;
  writeFileSync(file, `#!/bin/sh\nexec unshare --mount --propagation private /bin/sh -c '${inside}'\n`);
  chmodSync(file, 0o755);
  return file;
}

function running(command: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(node, command, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
  }
  const ended = once(child, "close").then(([code]): Called => {
    return { code: code as number | null, ...said, all: said.stdout + said.stderr };
  });
  return { child, ended, said: () => said.stdout + said.stderr };
}

async function end(sshd: Sshd, folder: string): Promise<void> {
  await sshd[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}
