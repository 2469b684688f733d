#!/usr/bin/env node
// drillbook-script 1 sha256:07aeb2608b57c908c1b78229587effd5013126f83ee0d2b89c56812ff88d823e
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
