#!/usr/bin/env node
// drillbook-script 1 sha256:71c9a537fcf07303bd46325d1b433bc388cabcd19bb57b644f69be1e25b6160b
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
    kind: "recovery",
    plan: "4e9bd70a37f37f889f396f7634aa504c4a2164778b3146a0fed94127882e9c1a",
    runtime: "5555555555555555555555555555555555555555555555555555555555555555",
    objective: { rpoSeconds: 2592000, rtoSeconds: 600 },
    needs: [],
    params: { server: { doc: "The server whose site is lost", type: { role: "web-server", type: "host" } } },
    hosts: {},
    secrets: [],
    steps: 1,
  },
  async ({ params, isHost, change }) => {
    const { server } = params;

    await change("unpack-the-site", {
      title: "Unpack the site",
      on: server,
      effect: "idempotent",
      guards: [isHost(server)],
      run: ($) => $`unpack-site ${server}`,
      verify: ($) => $`[ -e /srv/site/index.html ]`,
    });
  },
);
