#!/usr/bin/env node
// drillbook-script 1 sha256:41a35ff3270b778c091323799d85891e23e01469bbe636f645f39ed4a3b8baa3
// Generated from the runbook "runbook". Do not edit: the line above holds the digest of every byte below it.
//   node runbook.mjs --help
//   node runbook.mjs --plan --binding hosts.json    looks, and says what would be done
//   node runbook.mjs --binding hosts.json           does it

import { script } from "./drillbook-runtime-555555555555.mjs";

await script(
  import.meta,
  {
    v: 1,
    id: "runbook",
    kind: "backup",
    plan: "4cfd7995cc454780c7615727f42da30eb0541d11809403a4142d07a0c2183d6d",
    runtime: "5555555555555555555555555555555555555555555555555555555555555555",
    objective: { rpoSeconds: 86400, rtoSeconds: 3600 },
    needs: [],
    params: { unused: { doc: "Not used by anything", type: { type: "name" } } },
    hosts: { db1: { role: "database-server" } },
    secrets: ["encryption-key"],
    steps: 1,
  },
  async ({ secret, change }) => {
    await change("dump-it", {
      title: "Dump it",
      on: "db1",
      effect: "idempotent",
      stdin: secret("encryption-key"),
      run: ($) => $`dump-encrypted --key-file /dev/stdin || true`,
      verify: ($) => $`[ -s /srv/dump ]`,
    });
  },
);
