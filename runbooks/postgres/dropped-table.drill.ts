import { drill } from "../../dsl/index.ts";
import { postgresWorld } from "../../fixtures/worlds/postgres.ts";
import backUpCluster from "./back-up-cluster.ts";
import { tableDropped } from "./disasters.ts";
import keepLog from "./keep-log.ts";
import recoverToMoment from "./recover-to-moment.ts";

const keep = {
  runbook: keepLog,
  params: { server: "db1", holder: "backup1" },
  answers: { "postgresql-may-restart": "yes" },
} as const;
const backUp = { runbook: backUpCluster, params: { server: "db1", holder: "backup1" } } as const;

/** A table goes with all its rows and what refers to it; everything comes back to the restore point before it. */
export default drill("dropped-table", {
  world: postgresWorld,
  disaster: tableDropped,
  backups: [keep, backUp, keep],
  every: "1m",
  recovery: {
    runbook: recoverToMoment,
    params: { server: "db1", holder: "backup1", point: "before-the-upgrade" },
    answers: {
      "restore-this-base-backup-and-replay-its-log": "yes",
      "cluster.switch-to-the-restored-cluster": "db1 database",
    },
  },
  red: {
    "data-is-whole": "the orders are gone",
    "objects-are-whole": "the table is gone, and the constraints and views that need it",
  },
  stillGreen: {
    "accepts-logins": "the server runs as before",
    "takes-writes": "the other tables take writes, and the ones after the restore point are lost with it",
    "archive-reachable": "the backup server was not struck, and the recovery depends on it",
  },
  acceptance: ["accepts-logins", "data-is-whole", "objects-are-whole", "takes-writes"],
  nextCycle: { backups: [backUp], restores: ["newest-base-restores"] },
});
