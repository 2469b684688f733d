import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BoundHost } from "../../../runner/binding.ts";
import { LocalTransport } from "../../../runner/transport/local.ts";
import type { Mode } from "../../../runner/transport/protocol.ts";
import { SshTransport } from "../../../runner/transport/ssh.ts";
import type { Connection, Transport } from "../../../runner/transport/transport.ts";
import { endJobs } from "../../support/end-jobs.ts";

/** A host that a test may do anything to, with folders of its own where a supervisor keeps its files. */
export interface Site extends AsyncDisposable {
  readonly state: string;
  readonly live: string;
  connect(options?: SiteOptions): Promise<Connection>;
  /** Kills the near end of every connection: the ssh client, or the supervisor itself where there is none. */
  cut(): void;
  /** The supervisors that are connected now. */
  supervisors(): readonly number[];
}

export interface SiteOptions {
  readonly run?: string;
  readonly mode?: Mode;
  readonly state?: string;
}

export function localSite(shell: string): Site {
  return site((launch) => new LocalTransport({ shell, ...launch }));
}

export function sshSite(bound: BoundHost): Site {
  const binding = { v: 1, hosts: { target: bound } } as const;
  return site((launch) => new SshTransport({ binding, ...launch }));
}

interface Where {
  readonly run: string;
  readonly mode: Mode;
  readonly state: string;
  readonly live: string;
}

function site(transportTo: (where: Where) => Transport): Site {
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  const state = join(folder, "state");
  const live = join(folder, "live");
  const before = new Set(children());
  const opened: AsyncDisposable[] = [];
  return {
    state,
    live,
    async connect(options = {}) {
      const transport = transportTo({ run: "run", mode: "run", state, live, ...options });
      opened.unshift(transport);
      const connection = await transport.connect("target");
      opened.unshift(connection);
      return connection;
    },
    cut() {
      for (const pid of children()) if (!before.has(pid)) process.kill(pid, "SIGKILL");
    },
    supervisors: () =>
      readdirSync(live).flatMap((name) => {
        const pid = /^session\.(\d+)\./u.exec(name)?.[1];
        return pid ? [Number(pid)] : [];
      }),
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each[Symbol.asyncDispose]();
      endJobs(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Processes that this one started and that still run. */
function children(): readonly number[] {
  return readdirSync("/proc/self/task")
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").trim().split(" "))
    .filter(Boolean)
    .map(Number);
}
