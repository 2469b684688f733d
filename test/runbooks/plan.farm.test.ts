import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Call, Drill } from "../../dsl/drill.ts";
import type { Runbook } from "../../dsl/index.ts";
import blaze from "../../runbooks/backup/blaze.ts";
import checkRepository from "../../runbooks/backup/check-repository.ts";
import checkSets from "../../runbooks/backup/check-sets.ts";
import copyRepository from "../../runbooks/backup/copy-repository.ts";
import fetchScripts from "../../runbooks/backup/fetch-scripts.ts";
import lostArchive from "../../runbooks/backup/lost-archive.drill.ts";
import pruneRepository from "../../runbooks/backup/prune-repository.ts";
import pruneSets from "../../runbooks/backup/prune-sets.ts";
import readDrive from "../../runbooks/backup/read-drive.ts";
import recoverAuthority from "../../runbooks/backup/recover-authority.ts";
import restoreFiles from "../../runbooks/backup/restore-files.ts";
import restoreRepository from "../../runbooks/backup/restore-repository.ts";
import restoreSecrets from "../../runbooks/backup/restore-secrets.ts";
import wildfire from "../../runbooks/backup/wildfire.ts";
import writeDrive from "../../runbooks/backup/write-drive.ts";
import backUpDatabase from "../../runbooks/koji/back-up-database.ts";
import lostKojiDatabase from "../../runbooks/koji/lost-koji-database.drill.ts";
import recoverDatabase from "../../runbooks/koji/recover-database.ts";
import backUpCluster from "../../runbooks/postgres/back-up-cluster.ts";
import backUpPostgres from "../../runbooks/postgres/back-up-postgres.ts";
import checkLog from "../../runbooks/postgres/check-log.ts";
import keepLog from "../../runbooks/postgres/keep-log.ts";
import lostMinutes from "../../runbooks/postgres/lost-minutes.drill.ts";
import pruneLog from "../../runbooks/postgres/prune-log.ts";
import recoverPostgres from "../../runbooks/postgres/recover-postgres.ts";
import recoverToMoment from "../../runbooks/postgres/recover-to-moment.ts";
import { loadProject } from "../../runner/project.ts";
import { drillFarm, type DrillFarm, type ForkedFarm } from "../support/drill-farm.ts";
import { stateOfHosts, type Cluster } from "../support/state-of-hosts.ts";
import { runScript } from "../support/vault-farm.ts";

/** A farm, and the runbooks that are planned on it. */
interface Ground {
  /** Whose steady state it begins with. */
  readonly drill: Drill;
  readonly hosts: readonly string[];
  readonly cluster?: Cluster;
  /** What works by itself, and would write meanwhile, is stopped: by host. */
  readonly still: Readonly<Record<string, string>>;
  /** What is run before, so that there is something to plan with. */
  readonly before: readonly Call[];
  readonly plans: readonly Call[];
}

const [toIraq, fromChile] = [
  { server: "hongkong", holder: "iraq" },
  { server: "chile", holder: "iraq" },
];
const toBackup = { server: "db1", holder: "backup1" };

const kojiFarm: Ground = {
  drill: lostKojiDatabase,
  hosts: ["hongkong", "ireland", "chile", "australia", "iraq", "bastion", "cdot-panda-1-1", "cdot-panda-1-2"],
  cluster: { host: "ireland", database: "koji" },
  still: {
    "cdot-panda-1-1": "systemctl stop kojid",
    "cdot-panda-1-2": "systemctl stop kojid",
    hongkong: "systemctl stop kojira",
  },
  before: [
    { runbook: blaze, params: { server: "hongkong" } },
    { runbook: wildfire, params: toIraq },
    { runbook: copyRepository, params: fromChile },
  ],
  plans: [
    { runbook: backUpDatabase, params: { database: "koji" } },
    { runbook: recoverDatabase, params: { orphans: "import" } },
    { runbook: blaze, params: { server: "hongkong" } },
    { runbook: wildfire, params: toIraq },
    { runbook: checkSets, params: toIraq },
    { runbook: pruneSets, params: toIraq },
    { runbook: restoreFiles, params: { server: "hongkong", set: "etc", folder: "/etc/httpd", unit: "httpd.service" } },
    { runbook: restoreSecrets, params: { server: "hongkong", folder: "/etc/koji-hub" } },
    { runbook: recoverAuthority, params: { server: "hongkong" } },
    { runbook: copyRepository, params: fromChile },
    { runbook: checkRepository, params: fromChile },
    { runbook: pruneRepository, params: fromChile },
    { runbook: restoreRepository, params: fromChile },
  ],
};

const vault: Ground = {
  drill: lostArchive,
  hosts: ["hongkong", "ireland", "chile", "iraq", "bastion"],
  still: {},
  before: [],
  plans: [
    { runbook: writeDrive, params: { holder: "iraq" } },
    { runbook: readDrive, params: { holder: "iraq" } },
    { runbook: fetchScripts, params: { server: "hongkong" } },
  ],
};

const postgres: Ground = {
  drill: lostMinutes,
  hosts: ["db1", "backup1", "bastion"],
  cluster: { host: "db1", database: "shop" },
  still: {
    // The server goes on to write a heartbeat, and hands over what it has written, until nothing is left.
    db1: `systemctl stop log-heartbeat.timer
      ask() { (cd / && runuser -u postgres -- psql -XAt -c "$1"); }
      last=$(ask 'select pg_walfile_name(pg_switch_wal())')
      until [ "$(ask "select last_archived_wal >= '$last' from pg_stat_archiver")" = t ]; do sleep 0.2; done`,
  },
  before: [{ runbook: backUpPostgres, params: { server: "db1", database: "shop" } }],
  plans: [
    { runbook: backUpPostgres, params: { server: "db1", database: "shop" } },
    { runbook: recoverPostgres, params: { server: "db1" } },
    { runbook: keepLog, params: toBackup },
    { runbook: backUpCluster, params: toBackup },
    // A steady state lies frozen until it is used, at most a day.
    { runbook: checkLog, params: { ...toBackup, minutes: "2000", hours: "48" } },
    { runbook: pruneLog, params: toBackup },
    { runbook: recoverToMoment, params: toBackup },
  ],
};

const grounds = [
  { name: "the Koji farm", ground: kojiFarm },
  { name: "the management servers", ground: vault },
  { name: "a database server whose log is kept", ground: postgres },
];

const idOf = ({ plan }: Runbook): string => plan.id;
const argumentsOf = ({ params = {} }: Call): readonly string[] =>
  Object.entries(params).map(([name, value]) => `--${name}=${value}`);

test("every runbook of the project is planned on one of the farms", async () => {
  const project = await loadProject(fileURLToPath(new URL("../..", import.meta.url)));
  const planned = new Set(grounds.flatMap(({ ground }) => ground.plans.map(({ runbook }) => idOf(runbook))));
  expect((await project.runbooks()).map(({ name }) => name).filter((name) => !planned.has(name))).toEqual([]);
});

describe.each(grounds)("plan on $name", ({ ground: { drill, hosts, cluster, still, before, plans } }) => {
  let farm: DrillFarm;
  let fork: ForkedFarm;

  beforeAll(async () => {
    farm = await drillFarm(drill, { also: [...before, ...plans].map(({ runbook }) => runbook) });
    fork = await farm.fork();
    for (const call of before) {
      const { code, said } = await runScript(fork, `${idOf(call.runbook)}.mjs`, ...argumentsOf(call));
      expect(code, said).toBe(0);
    }
    for (const [host, text] of Object.entries(still)) await fork.root(host, text);
  });
  afterAll(async () => {
    await fork?.[Symbol.asyncDispose]();
    await farm?.[Symbol.asyncDispose]();
  });

  const state = () => stateOfHosts(fork, hosts, cluster);

  test("a change would be noticed", async () => {
    const was = await state();
    await fork.root(hosts[0] ?? "", "touch /etc/hostname");
    expect(await state()).not.toEqual(was);
  });

  test.each(plans.map((call) => ({ id: idOf(call.runbook), call })))(
    "of $id changes nothing on any host",
    async ({ id, call }) => {
      const was = await state();
      const result = await fork.run(`${id}.mjs`, ["--plan", ...argumentsOf(call)]);
      expect(result, result.stderr).toMatchObject({ code: 0 });
      expect(await state()).toEqual(was);
    },
  );

  test("of the recovery changes nothing where the disaster has struck", async () => {
    await fork.world.strike(drill.options.disaster);
    const { recovery } = drill.options;
    const was = await stateOfHosts(fork, hosts);
    const result = await fork.run(`${idOf(recovery.runbook)}.mjs`, ["--plan", ...argumentsOf(recovery)]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(await stateOfHosts(fork, hosts)).toEqual(was);
  });
});
