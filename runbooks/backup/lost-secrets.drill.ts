import { drill } from "../../dsl/index.ts";
import { vaultWorld } from "../../fixtures/worlds/vault.ts";
import blaze from "./blaze.ts";
import { secretsDeleted } from "./disasters.ts";
import restoreSecrets from "./restore-secrets.ts";
import wildfire from "./wildfire.ts";

const backups = [
  { runbook: blaze, params: { server: "hongkong" } },
  { runbook: wildfire, params: { server: "hongkong", holder: "iraq" } },
] as const;

/** A password and a private key are deleted, and nobody has any key but the escrow's; iraq's newest sealed set brings them back. */
export default drill("lost-secrets", {
  world: vaultWorld,
  disaster: secretsDeleted,
  backups,
  every: "24h",
  recovery: {
    runbook: restoreSecrets,
    // They lie in several folders. What is whole stays as it is.
    params: { server: "hongkong", folder: "/etc" },
    answers: {
      "put-these-secrets-in-their-place": "yes",
      "open-it-and-put-each-file-in-its-place": "hongkong secrets",
    },
  },
  red: {
    "secrets-are-whole": "the files are gone",
  },
  stillGreen: {
    "site-answers": "it serves pages without a certificate",
    "configuration-is-whole": "no open file was struck",
    "authority-issues": "its key lies in a folder of its own, which was not swept",
    "archive-reachable": "iraq was not struck, and the recovery depends on it",
  },
  acceptance: ["secrets-are-whole", "site-answers", "configuration-is-whole", "authority-issues"],
  nextCycle: { backups, restores: ["newest-generation-restores", "newest-secrets-restore"] },
});
