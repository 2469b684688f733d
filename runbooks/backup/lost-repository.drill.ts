import { drill } from "../../dsl/index.ts";
import { vaultWorld } from "../../fixtures/worlds/vault.ts";
import copyRepository from "./copy-repository.ts";
import { storeDeleted } from "./disasters.ts";
import restoreRepository from "./restore-repository.ts";

const backups = [{ runbook: copyRepository, params: { server: "chile", holder: "iraq" } }] as const;

/** The store is emptied under those who write to it; iraq's newest whole copy brings it back. */
export default drill("lost-repository", {
  world: vaultWorld,
  disaster: storeDeleted,
  backups,
  every: "24h",
  recovery: {
    runbook: restoreRepository,
    params: { server: "chile", holder: "iraq" },
    answers: {
      "bring-this-copy-back": "yes",
      "switch-to-it": "chile repository",
    },
  },
  red: {
    "repository-is-whole": "the files are gone",
    "store-takes-writes": "there is no folder to write to",
  },
  stillGreen: {
    "archive-reachable": "iraq was not struck, and the recovery depends on it",
    "site-answers": "hongkong was not struck: a hub without its store answers",
  },
  acceptance: ["repository-is-whole", "store-takes-writes", "site-answers"],
  nextCycle: { backups, restores: ["newest-copy-restores"] },
});
