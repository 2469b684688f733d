#!/usr/bin/env node
// drillbook-script 1 sha256:97f9cf41a05f4e7e3036684af39c5a984ba3b8cfb13ce88e8917db83d24e1017
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
    plan: "a25c38d4d9ab54416d897559c92113f9ae50af652397a92951907f8d2ea5b2b9",
    runtime: "5555555555555555555555555555555555555555555555555555555555555555",
    objective: { rpoSeconds: 3600, rtoSeconds: 1800 },
    needs: [
      { host: { param: "builders" }, need: "host" },
      { host: { host: "builder-2" }, need: "host" },
      { need: "tools", on: { param: "builders" }, programs: ["systemctl", "update-ca-trust"] },
    ],
    params: {
      builders: {
        doc: "The builders that get the certificate",
        type: { of: { role: "builder", type: "host" }, type: "list" },
      },
    },
    hosts: { "builder-1": { role: "builder" }, "builder-2": { role: "builder" } },
    secrets: [],
    steps: 4,
  },
  async ({ params, read, isHost, holds, onEach }) => {
    const { builders } = params;

    const digestOfTheCertificate = await read("digest-of-the-certificate", {
      title: "Digest of the certificate",
      on: "builder-1",
      gives: { type: "line" },
      run: ($) => $`sha256sum < /etc/pki/ca.pem`,
    });

    await onEach("all-builders", {
      title: "All builders",
      hosts: builders,
      atOnce: 50,
      stopAfter: 3,
    }, async (allBuilders, { read, change }) => {
      const release = await read("release", {
        title: "Release",
        on: allBuilders,
        gives: { type: "line" },
        run: ($) => $`cat /etc/fedora-release`,
      });

      await change("trust-the-certificate", {
        title: "Trust the certificate",
        on: allBuilders,
        effect: "idempotent",
        guards: [isHost(allBuilders), holds("it runs Fedora", ($) => $`printf '%s\n' ${release} | grep -q Fedora`)],
        run: ($) => $`install-certificate ${digestOfTheCertificate} ${allBuilders}`,
        verify: ($) => $`certificate-is ${digestOfTheCertificate}`,
      });
    });

    await onEach("the-two-that-hold-the-queue", {
      title: "The two that hold the queue",
      hosts: ["builder-1", "builder-2"],
      atOnce: 1,
      stopAfter: 1,
    }, async (theTwoThatHoldTheQueue, { change }) => {
      await change("restart-the-builders-daemon", {
        title: "Restart the builder's daemon",
        on: theTwoThatHoldTheQueue,
        effect: "idempotent",
        run: ($) => $`systemctl restart kojid`,
        verify: ($) => $`systemctl is-active kojid`,
      });
    });
  },
);
