#!/usr/bin/env node
// drillbook-script 1 sha256:3d384dc63eb9ee8cde0ffd5a1f6505573b6811ed02bda0ef6bc534f7f6de8731
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
    plan: "c6da0b3fef529f1c6d6121c5cffa1cb69a34874868b982432610dcc0f9fe30ef",
    runtime: "5555555555555555555555555555555555555555555555555555555555555555",
    objective: { rpoSeconds: 86400, rtoSeconds: 5400 },
    needs: [
      { asset: { asset: "sets", of: { host: "store" } }, need: "asset" },
      { need: "tools", on: { param: "server" }, programs: ["psql", "pg_restore"] },
      { item: "the operator's ssh key", need: "item" },
    ],
    params: {
      before: { doc: "Use what was there before this moment", type: { optional: true, type: "timestamp" } },
      mode: { doc: "How to go about it", type: { of: ["fast", "careful"], type: "choice" } },
      reason: { doc: "Why this is done", type: { type: "text" } },
      server: { doc: "The server that is rebuilt", type: { role: "database-server", type: "host" } },
    },
    hosts: { store: { role: "store" } },
    secrets: ["database-password"],
    steps: 18,
  },
  async ({ params, read, confirm, change, isHost, holds, secret, present, not, when, lt, and, isTrue, forEach }) => {
    const { before, mode, reason, server } = params;

    const newestDump = await read("newest-dump", {
      title: "Newest dump",
      on: "store",
      gives: { type: "path" },
      run: ($) => $`
        before=${before}
        cd -- /srv/sets
        cat <<'EOF' > /dev/null
          indented  text, with a \`backtick\`, a \${dollar} and a \\ backslash
        EOF
        printf '%s\n' * | sort | tail -n 1
      `,
    });

    const measureBytes = await read("measure.bytes", {
      title: "Bytes",
      on: "store",
      gives: { type: "integer" },
      run: ($) => $`stat -c %s -- ${newestDump}`,
    });

    await read("measure.is-readable", {
      title: "Is readable",
      on: "store",
      gives: { type: "text" },
      run: ($) => $`head -c 1 -- ${newestDump} > /dev/null`,
    });

    const damagedFiles = await read("damaged-files", {
      title: "Damaged files",
      on: "store",
      as: "backup",
      gives: { of: { type: "path" }, type: "list" },
      run: ($) => $`find-damaged ${newestDump}`,
    });

    await confirm("restore-this-dump", {
      title: "Restore this dump",
      evidence: [newestDump, measureBytes, damagedFiles],
    });

    await change("stop-the-server", {
      title: "Stop the server",
      on: server,
      timeoutSeconds: 120,
      effect: "idempotent",
      run: ($) => $`systemctl stop postgresql`,
      verify: ($) => $`[ "$(systemctl is-active postgresql || true)" = inactive ]`,
      undo: ($) => $`systemctl start postgresql`,
    });

    await change("load-the-dump", {
      title: "Load the dump",
      on: server,
      as: "postgres",
      effect: "idempotent",
      destroys: [{ of: server, asset: "database" }],
      guards: [
        isHost(server),
        holds("/var/lib/pgsql has 3 times the size free", ($) => $`
          free=$(df --output=avail -B1 -- /var/lib/pgsql | tail -n 1)
          [ "$free" -ge "$((${measureBytes} * 3))" ]
        `),
        holds("it is not running", ($) => $`[ ! -e /var/lib/pgsql/data/postmaster.pid ]`),
      ],
      run: ($) => $`pg_restore --exit-on-error --dbname koji -- ${newestDump}`,
      verify: ($) => $`psql -X -d koji -c 'select 1'`,
      done: ($) => $`[ -e /var/lib/pgsql/restored ]`,
    });

    await change("set-the-password", {
      title: "Set the password",
      on: server,
      as: "postgres",
      effect: "idempotent",
      stdin: secret("database-password"),
      run: ($) => $`set-password --stdin koji`,
      verify: ($) => $`can-log-in koji`,
    });

    await change("tell-the-users", {
      title: "Tell the users",
      on: "store",
      effect: "once",
      stdin: reason,
      run: ($) => $`send-mail users`,
      verify: ($) => $`mail-sent users`,
      done: "ask",
    });

    const itIsCareful = await when("it-is-careful", {
      title: "It is careful",
      if: not(present(before)),
    }, async () => {
      const quietPort = await read("quiet-port", {
        title: "Quiet port",
        on: server,
        gives: { type: "integer" },
        run: ($) => $`find-port --quiet`,
      });
      return quietPort;
    }, async () => {
      const usualPort = await read("usual-port", {
        title: "Usual port",
        on: server,
        gives: { type: "integer" },
        run: ($) => $`find-port`,
      });
      return usualPort;
    });

    await when("an-older-dump-was-asked-for", {
      title: "An older dump was asked for",
      if: present(before),
    }, async () => {
      await confirm("use-an-older-dump", {
        title: "Use an older dump",
        evidence: [before, newestDump],
      });
    }, async () => {
      await change("note-the-port", {
        title: "Note the port",
        on: server,
        effect: "idempotent",
        run: ($) => $`note-port ${itIsCareful} ${mode}`,
        verify: ($) => $`port-noted ${itIsCareful}`,
      });
    });

    const isReady = await read("is-ready", {
      title: "Is ready",
      on: server,
      gives: { type: "boolean" },
      run: ($) => $`is-ready ${server}`,
    });

    await when("it-is-ready-and-the-port-is-low", {
      title: "It is ready and the port is low",
      if: and(not(lt(1024, itIsCareful)), present(before)),
    }, async () => {
      await read("look-at-it", {
        title: "Look at it",
        on: server,
        gives: { type: "line" },
        run: ($) => $`look`,
      });
    });

    await when("it-is-ready", {
      title: "It is ready",
      if: isTrue(isReady),
    }, async () => {
      await confirm("open-it", {
        title: "Open it",
        evidence: [],
      });
    });

    await forEach("set-damaged-files-aside", {
      title: "Set damaged files aside",
      list: damagedFiles,
      item: { type: "path" },
    }, async (setDamagedFilesAside) => {
      const owner = await read("owner", {
        title: "Owner",
        on: "store",
        gives: { type: "name" },
        run: ($) => $`stat -c %U -- ${setDamagedFilesAside}`,
      });

      await change("set-aside", {
        title: "Set aside",
        on: "store",
        effect: "once",
        run: ($) => $`mv -- ${setDamagedFilesAside} /srv/aside/ && log-owner ${owner}`,
        verify: ($) => $`[ ! -e ${setDamagedFilesAside} ]`,
      });
    });
  },
);
