import { drill } from "../../dsl/index.ts";
import { vaultWorld } from "../../fixtures/worlds/vault.ts";
import blaze from "./blaze.ts";
import { archiveDeleted } from "./disasters.ts";
import readDrive from "./read-drive.ts";
import wildfire from "./wildfire.ts";
import writeDrive from "./write-drive.ts";

const backups = [
  { runbook: blaze, params: { server: "hongkong" } },
  { runbook: wildfire, params: { server: "hongkong", holder: "iraq" } },
  { runbook: writeDrive, params: { holder: "iraq" } },
] as const;

/**
 * The archive is emptied; a removable drive, a real block device, brings it back. It is plugged in already: fetching it
 * from another building is not in the time.
 *
 * What the archive had received since the drive was written is lost with it, and the next night makes it anew.
 */
export default drill("lost-archive", {
  world: vaultWorld,
  disaster: archiveDeleted,
  backups,
  every: "168h",
  recovery: {
    runbook: readDrive,
    params: { holder: "iraq" },
    answers: { "bring-back-what-is-missing": "yes" },
  },
  red: {
    "archive-reachable": "no host has a place in it any more",
  },
  stillGreen: {
    "site-answers": "the servers work on without an archive",
    "configuration-is-whole": "the servers work on without an archive",
  },
  acceptance: ["archive-reachable", "newest-generation-restores", "site-answers"],
  nextCycle: { backups, restores: ["newest-generation-restores"] },
});
