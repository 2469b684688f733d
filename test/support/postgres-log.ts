import { eventually } from "./eventually.ts";
import type { ForkedFarm } from "./drill-farm.ts";

/** Where the archive has all of the server whose log is kept. */
export const archive = "/archive/postgres/db1";

/** The log of a farm's database server, at both its ends. */
export interface Log {
  /** What the superuser is told. */
  ask(query: string): Promise<string>;
  /** Names of the segments that the holder has, in their order. */
  segments(): Promise<readonly string[]>;
  /** Fills segments of the log, and closes each. */
  fill(count: number): Promise<void>;
  /** How often the holder did not take one. */
  failures(): Promise<number>;
  /** How many wait to be handed over. */
  waiting(): Promise<number>;
  /** Fills segments, and waits until the holder has them. */
  handOver(count: number): Promise<void>;
  /** The server writes the moment into its log, as it does each minute, and hands it over. */
  beat(): Promise<void>;
}

/** The log of the farm that is there when it is asked. */
export function logOf(fork: () => ForkedFarm): Log {
  const ask: Log["ask"] = async (query) =>
    (
      await fork().root(
        "db1",
        `cd /; runuser -u postgres -- psql -XqAt -v ON_ERROR_STOP=1 -d shop <<'SQL'\n${query}\nSQL`,
      )
    ).trim();
  const log: Log = {
    ask,
    async segments() {
      const said = await fork().root("backup1", `cd ${archive}/log/*; ls | grep -xE '[0-9A-F]{24}[.]gz' | sort`);
      return said.trim().split("\n");
    },
    async fill(count) {
      for (let filled = 0; filled < count; filled += 1) {
        await ask("insert into heartbeat default values; select pg_switch_wal();");
      }
    },
    failures: async () => Number(await ask("select failed_count from pg_stat_archiver")),
    waiting: async () => Number(await ask("select count(*) from pg_ls_archive_statusdir() where name like '%.ready'")),
    async handOver(count) {
      await log.fill(count);
      await eventually(async () => (await log.waiting()) === 0);
    },
    async beat() {
      await fork().root("db1", "systemctl start log-heartbeat.service");
      await log.handOver(1);
    },
  };
  return log;
}
