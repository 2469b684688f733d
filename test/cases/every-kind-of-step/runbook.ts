import {
  and,
  bool,
  choice,
  freeSpace,
  holds,
  host,
  hostOf,
  integer,
  isHost,
  item,
  line,
  list,
  lt,
  name,
  not,
  path,
  present,
  procedure,
  role,
  runbook,
  secret,
  sh,
  text,
  timestamp,
  tools,
  type Ref,
} from "../../../dsl/index.ts";

const server = role("database-server", { assets: ["database"] });
const store = host("store", role("store", { assets: ["sets"] }));

const measure = procedure("measure", ({ read }, dump: Ref<string>) => {
  // A size decides whether there is room.
  const bytes = read("Bytes", { on: store, run: sh`stat -c %s -- ${dump}`, gives: integer() });
  read("Is readable", { on: store, run: sh`head -c 1 -- ${dump} > /dev/null`, gives: text() });
  return bytes;
});

/**
 * Bring a database back. Everything the language has is in this runbook.
 *
 * Use it when `PGDATA` is gone:
 *
 * - after a disk failed
 * - after a *mistake*
 */
export default runbook(
  "runbook",
  {
    recovers: ({ server }) => server.database,
    objective: { rto: "90m", rpo: "1d" },
    needs: ({ server }) => [store.sets, tools(server, "psql", "pg_restore"), item("the operator's ssh key")],
    params: {
      server: hostOf(server, "The server that is rebuilt"),
      before: timestamp("Use what was there before this moment").optional(),
      mode: choice(["fast", "careful"], "How to go about it"),
      reason: text("Why this is done"),
    },
  },
  ({ read, change, confirm, when, forEach, params }) => {
    // The name tells the moment; `ls` sorts by it.
    const newest = read("Newest dump", {
      on: store,
      run: sh`
        before=${params.before}
        cd -- /srv/sets
        cat <<'EOF' > /dev/null
          indented  text, with a \`backtick\`, a \${dollar} and a \\ backslash
        EOF
        printf '%s\n' * | sort | tail -n 1
      `,
      gives: path(),
    });
    const bytes = measure(newest);
    const damaged = read("Damaged files", {
      on: store,
      as: "backup",
      run: sh`find-damaged ${newest}`,
      gives: list(path()),
    });

    confirm("Restore this dump", { evidence: [newest, bytes, damaged] });

    // A hub that stays up writes rows the restore then loses.

    change("Stop the server", {
      on: params.server,
      effect: "idempotent",
      run: sh`systemctl stop postgresql`,
      verify: sh`[ "$(systemctl is-active postgresql || true)" = inactive ]`,
      undo: sh`systemctl start postgresql`,
      timeout: "2m",
    });

    change("Load the dump", {
      on: params.server,
      as: "postgres",
      effect: "idempotent",
      destroys: [params.server.database],
      guard: [
        isHost(params.server),
        freeSpace("/var/lib/pgsql", { times: 3, of: bytes }),
        holds("it is not running", sh`[ ! -e /var/lib/pgsql/data/postmaster.pid ]`),
      ],
      // pg_restore takes its options before the file.
      run: sh`pg_restore --exit-on-error --dbname koji -- ${newest}`,
      verify: sh`psql -X -d koji -c 'select 1'`,
      done: sh`[ -e /var/lib/pgsql/restored ]`,
    });

    change("Set the password", {
      on: params.server,
      as: "postgres",
      effect: "idempotent",
      stdin: secret("database-password"),
      run: sh`set-password --stdin koji`,
      verify: sh`can-log-in koji`,
    });

    change("Tell the users", {
      on: store,
      effect: "once",
      done: "ask",
      stdin: params.reason,
      run: sh`send-mail users`,
      verify: sh`mail-sent users`,
    });

    const port = when(
      "It is careful",
      not(present(params.before)),
      () => read("Quiet port", { on: params.server, run: sh`find-port --quiet`, gives: integer() }),
      () => read("Usual port", { on: params.server, run: sh`find-port`, gives: integer() }),
    );

    when(
      "An older dump was asked for",
      params.before,
      (before) => confirm("Use an older dump", { evidence: [before, newest] }),
      () => {
        change("Note the port", {
          on: params.server,
          effect: "idempotent",
          run: sh`note-port ${port} ${params.mode}`,
          verify: sh`port-noted ${port}`,
        });
      },
    );

    const ready = read("Is ready", { on: params.server, run: sh`is-ready ${params.server}`, gives: bool() });
    when("It is ready and the port is low", and(not(lt(1024, port)), present(params.before)), () => {
      read("Look at it", { on: params.server, run: sh`look`, gives: line() });
    });
    when("It is ready", ready, () => {
      confirm("Open it", { evidence: [] });
    });

    forEach("Set damaged files aside", damaged, (file) => {
      const owner = read("Owner", { on: store, run: sh`stat -c %U -- ${file}`, gives: name() });
      change("Set aside", {
        on: store,
        effect: "once",
        done: sh`[ ! -e ${file} ]`,
        run: sh`mv -- ${file} /srv/aside/ && log-owner ${owner}`,
        verify: sh`[ ! -e ${file} ]`,
      });
    });
  },
);
