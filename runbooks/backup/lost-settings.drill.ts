import { drill } from "../../dsl/index.ts";
import { vaultWorld } from "../../fixtures/worlds/vault.ts";
import blaze from "./blaze.ts";
import { settingsDeleted } from "./disasters.ts";
import restoreFiles from "./restore-files.ts";
import wildfire from "./wildfire.ts";

const backups = [
  { runbook: blaze, params: { server: "hongkong" } },
  { runbook: wildfire, params: { server: "hongkong", holder: "iraq" } },
  { runbook: wildfire, params: { server: "hongkong", holder: "ireland" } },
] as const;

/** A server's settings are deleted with the service that needs them running; iraq's newest whole set brings them back. */
export default drill("lost-settings", {
  world: vaultWorld,
  disaster: settingsDeleted,
  backups,
  every: "24h",
  recovery: {
    runbook: restoreFiles,
    params: { server: "hongkong", set: "etc", folder: "/etc/httpd", unit: "httpd.service" },
    answers: {
      "put-these-files-in-their-place": "yes",
      "put-them-in-their-place": "hongkong configuration",
    },
  },
  red: {
    "site-answers": "httpd does not start without its settings",
    "configuration-is-whole": "the files are gone",
    "takes-writes": "there is no folder to write to",
  },
  stillGreen: {
    "archive-reachable": "iraq was not struck, and the recovery depends on it",
  },
  acceptance: ["site-answers", "configuration-is-whole", "takes-writes"],
  nextCycle: { backups, restores: ["newest-generation-restores"] },
});
