import type { ForkedFarm } from "./drill-farm.ts";

/**
 * What changes on a machine that nobody touches, and what logging in leaves behind: the kernel's and the volatile file
 * systems (the supervisor may write to /run), the journal and the records of log-ins, what systemd writes by itself, and
 * the cluster's own background work. A database is compared by its content instead.
 */
const excluded = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/lib/systemd", "/var/lib/pgsql/data"];

const fileSystem = `find / -xdev \\( ${excluded.map((path) => `-path ${path}`).join(" -o ")} \\) -prune -o \
  -printf '%p %y %m %U:%G %s %l %C@\\n' | sort`;

/** Where a cluster runs, and which of its databases is looked at. */
export interface Cluster {
  readonly host: string;
  readonly database: string;
}

/** Every file of hosts, by its name, kind, owner, mode, size and time of change, and the content of a database. */
export async function stateOfHosts(
  fork: ForkedFarm,
  hosts: readonly string[],
  cluster?: Cluster,
): Promise<Readonly<Record<string, string>>> {
  const files = hosts.map(async (host) => [host, await fork.root(host, fileSystem)] as const);
  return {
    ...Object.fromEntries(await Promise.all(files)),
    ...(cluster && { database: await contentOf(fork, cluster) }),
  };
}

/** Digests of all rows and all accounts, and since when the server runs. */
function contentOf(fork: ForkedFarm, { host, database }: Cluster): Promise<string> {
  const dumps = `cd /
    for dump in 'pg_dump ${database}' 'pg_dumpall --globals-only'; do
      # A dump of these versions carries a key of its own in two lines.
      runuser -u postgres -- $dump | sed '/^\\\\\\(un\\)\\?restrict /d' | sha256sum
    done
    systemctl show -p ActiveEnterTimestamp postgresql`;
  return fork.root(host, dumps);
}
