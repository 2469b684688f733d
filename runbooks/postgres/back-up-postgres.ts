import { holds, hostOf, integer, isHost, item, name, path, runbook, sh, tools } from "../../dsl/index.ts";
import { systemIdentifier } from "./cluster.ts";
import { dumpSet } from "./dump.ts";
import { backup1, databaseServer } from "./inventory.ts";
import { proveSet } from "./prove.ts";
import { checkSet } from "./set.ts";

/**
 * Make a backup of one PostgreSQL database that can be trusted.
 *
 * Everything in the set belongs to one moment: the dump, the count of rows in every table and the newest moment inside
 * the data are taken in one snapshot. The set is restored into a cluster of its own beside the running server, and its
 * rows are counted there; the manifest says so, and is written where the data is, before the set travels. The copy is
 * read back on the backup server and compared byte for byte before it gets its name. A set that has a name is whole, and
 * was seen to come back.
 */
export default runbook(
  "back-up-postgres",
  {
    backsUp: ({ server }) => server.database,
    keeps: [backup1],
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      server.database,
      backup1,
      item("root's ssh key on the database server, accepted by backup@backup1"),
      tools(server, "initdb", "pg_ctl", "pg_dump", "pg_dumpall", "pg_restore", "psql", "rsync", "sha256sum", "tar"),
    ],
    params: {
      server: hostOf(databaseServer, "The server whose database is backed up"),
      database: name("The database to back up"),
    },
  },
  ({ read, change, params }) => {
    const { server, database } = params;

    // The name is a moment in UTC with its parts in falling order, so that it can be parsed and never misread.
    const set = read("Set name", { on: server, run: sh`date -u +%Y-%m-%dT%H-%M-%SZ`, gives: name() });

    const bytes = read("Database size", {
      on: server,
      as: "postgres",
      run: sh`psql -X -At -v ON_ERROR_STOP=1 -d ${database} -c 'select pg_database_size(current_database())'`,
      gives: integer(),
    });

    const cluster = systemIdentifier({ on: server });
    dumpSet({ on: server, set, database, bytes });
    proveSet({ on: server, set, bytes });

    change("Copy the set to the archive", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        server=${server}
        set=${set}
        rsync -rt --mkpath -- "/var/lib/pgsql/outgoing/$set/" "backup1:postgres/$server/.incoming-$set/"
      `,
      verify: sh`
        server=${server}
        set=${set}
        different=$(rsync -rnc --out-format=%n -- "/var/lib/pgsql/outgoing/$set/" "backup1:postgres/$server/.incoming-$set/")
        [ -z "$different" ]
      `,
    });

    const incoming = read("Incoming set", {
      on: backup1,
      run: sh`printf '/archive/postgres/%s/.incoming-%s\n' ${server} ${set}`,
      gives: path(),
    });
    checkSet({ on: backup1, set: incoming });

    // An archive holds the sets of one server's clusters, the present one on the last line of `clusters`: a stranger's
    // set would only be noticed when it is needed.
    change("Give the set its name", {
      on: backup1,
      as: "backup",
      effect: "idempotent",
      guard: [
        isHost(backup1),
        holds(
          "the archive holds the sets of this cluster and no other",
          sh`
            server=${server}
            clusters=/archive/postgres/$server/clusters
            [ ! -e "$clusters" ] || [ "$(tail -n 1 -- "$clusters")" = ${cluster} ]
          `,
        ),
      ],
      run: sh`
        server=${server}
        set=${set}
        cd -- "/archive/postgres/$server"
        [ -e clusters ] || printf '%s\n' ${cluster} > clusters
        [ -e "$set" ] || mv -T -- ".incoming-$set" "$set"
        sync -- . clusters
      `,
      verify: sh`
        server=${server}
        set=${set}
        [ -s "/archive/postgres/$server/$set/MANIFEST" ] && [ -s "/archive/postgres/$server/clusters" ]
      `,
    });

    change("Clear what was left to send", {
      on: server,
      as: "postgres",
      effect: "idempotent",
      run: sh`
        set=${set}
        rm -rf -- "/var/lib/pgsql/outgoing/$set"
      `,
      verify: sh`
        set=${set}
        [ ! -e "/var/lib/pgsql/outgoing/$set" ]
      `,
    });
  },
);
