import { drill } from "../../dsl/index.ts";
import { fedoraArmWorld } from "../../fixtures/worlds/fedora-arm.ts";
import backUpDatabase from "./back-up-database.ts";
import { databaseLost } from "./disasters.ts";
import recoverDatabase from "./recover-database.ts";

const backUp = { runbook: backUpDatabase, params: { database: "koji" } } as const;

/**
 * ireland loses the Koji database while the store goes on: builds and repositories are made after the newest dump, and
 * writes are on their way. There are two dumps; the older one is there to be passed over.
 */
export default drill("lost-koji-database", {
  world: fedoraArmWorld,
  disaster: databaseLost,
  backups: [backUp, backUp],
  every: "24h",
  recovery: {
    runbook: recoverDatabase,
    params: { orphans: "import" },
    answers: {
      "restore-this-dump": "yes",
      "cluster.switch-to-the-restored-cluster": "ireland database",
      "builds.treat-the-builds-that-only-the-store-has-as-asked": "yes",
    },
  },
  red: {
    "hub-answers": "a hub without its database answers every call with a fault",
    "admin-logs-in": "users and sessions were in the database",
    "known-builds-are-whole": "which builds there are was in the database",
    "settings-are-whole": "tags, targets and rights were in the database",
    "web-shows-newest-build": "the web page shows what the hub says",
  },
  stillGreen: {
    "files-are-served": "the store was not struck, and needs no hub to serve a file",
    "archive-reachable": "the backup server was not struck, and the recovery depends on it",
  },
  acceptance: [
    "hub-answers",
    "admin-logs-in",
    "unknown-certificate-is-refused",
    "known-builds-are-whole",
    "settings-are-whole",
    "older-writes-survive",
    "store-and-hub-agree",
    "repositories-are-kept",
    "closed-session-is-refused",
    "builders-check-in",
    "new-repository-is-made",
    "new-build-goes-through",
    "web-shows-newest-build",
  ],
  nextCycle: { backups: [backUp], restores: ["newest-backup-restores"] },
});
