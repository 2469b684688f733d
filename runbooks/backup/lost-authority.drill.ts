import { drill } from "../../dsl/index.ts";
import { vaultWorld } from "../../fixtures/worlds/vault.ts";
import blaze from "./blaze.ts";
import { authorityDeleted } from "./disasters.ts";
import recoverAuthority from "./recover-authority.ts";
import wildfire from "./wildfire.ts";

const backups = [
  { runbook: blaze, params: { server: "hongkong" } },
  { runbook: wildfire, params: { server: "hongkong", holder: "iraq" } },
] as const;

/**
 * The certificate authority is deleted, and nobody has any key but the escrow's; iraq's newest sealed set brings it back.
 *
 * A number that was given out before the disaster and comes again turns `authority-issues` red.
 */
export default drill("lost-authority", {
  world: vaultWorld,
  disaster: authorityDeleted,
  backups,
  every: "24h",
  recovery: {
    runbook: recoverAuthority,
    params: { server: "hongkong" },
    answers: {
      "put-this-authority-in-its-place": "yes",
      "put-the-authority-in-its-place": "hongkong certificate-authority",
    },
  },
  red: {
    "authority-issues": "there is no key to sign with",
  },
  stillGreen: {
    "site-answers": "who has a certificate goes on with it, and the site needs none",
    "configuration-is-whole": "only the authority was struck",
    "archive-reachable": "iraq was not struck, and the recovery depends on it",
  },
  acceptance: ["authority-issues", "site-answers", "configuration-is-whole"],
  nextCycle: { backups, restores: ["newest-generation-restores", "newest-authority-restores"] },
});
