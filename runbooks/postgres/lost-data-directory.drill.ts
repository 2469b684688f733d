import { drill } from "../../dsl/index.ts";
import { postgresWorld } from "../../fixtures/worlds/postgres.ts";
import backUpPostgres from "./back-up-postgres.ts";
import { dataDirectoryLost } from "./disasters.ts";
import recoverPostgres from "./recover-postgres.ts";

const backUp = { runbook: backUpPostgres, params: { server: "db1", database: "shop" } } as const;

/** The data directory goes under a running server, with writes on their way; the newest set brings the database back. */
export default drill("lost-data-directory", {
  world: postgresWorld,
  disaster: dataDirectoryLost,
  backups: [backUp],
  every: "24h",
  recovery: {
    runbook: recoverPostgres,
    params: { server: "db1" },
    answers: { "restore-this-set": "yes", "cluster.switch-to-the-restored-cluster": "db1 database" },
  },
  red: {
    "accepts-logins": "a server without its data directory can start no session",
    "data-is-whole": "the rows went with the directory",
    "takes-writes": "there is nothing left to write to",
  },
  stillGreen: {
    "archive-reachable": "the backup server was not struck, and the recovery depends on it",
  },
  acceptance: ["accepts-logins", "data-is-whole", "objects-are-whole", "takes-writes"],
  nextCycle: { backups: [backUp], restores: ["newest-backup-restores"] },
});
