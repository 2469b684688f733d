import { drill } from "../../dsl/index.ts";
import { postgresWorld } from "../../fixtures/worlds/postgres.ts";
import backUpCluster from "./back-up-cluster.ts";
import { dataDirectoryLost } from "./disasters.ts";
import keepLog from "./keep-log.ts";
import recoverToMoment from "./recover-to-moment.ts";

const keep = {
  runbook: keepLog,
  params: { server: "db1", holder: "backup1" },
  answers: { "postgresql-may-restart": "yes" },
} as const;
const backUp = { runbook: backUpCluster, params: { server: "db1", holder: "backup1" } } as const;

/** The data directory goes under a running server; base backup and log bring it back to what the log last handed over. */
export default drill("lost-minutes", {
  world: postgresWorld,
  disaster: dataDirectoryLost,
  // The second time nothing is set up: a segment arrives that has writes from after the base backup.
  backups: [keep, backUp, keep],
  every: "1m",
  recovery: {
    runbook: recoverToMoment,
    params: { server: "db1", holder: "backup1" },
    answers: {
      "restore-this-base-backup-and-replay-its-log": "yes",
      "cluster.switch-to-the-restored-cluster": "db1 database",
    },
  },
  red: {
    "accepts-logins": "a server without its data directory can start no session",
    "data-is-whole": "the rows went with the directory",
    "takes-writes": "there is nothing left to write to",
  },
  stillGreen: {
    "archive-reachable": "the backup server was not struck, and the recovery depends on it",
  },
  acceptance: ["accepts-logins", "data-is-whole", "objects-are-whole", "takes-writes", "archived-writes-are-there"],
  nextCycle: { backups: [backUp], restores: ["newest-base-restores"] },
});
