import {
  freeSpace,
  hostOf,
  integer,
  isHost,
  item,
  path,
  runbook,
  sh,
  text,
  timestamp,
  tools,
} from "../../dsl/index.ts";
import { takeSetsOf } from "./archive.ts";
import { replaceCluster, systemIdentifier } from "./cluster.ts";
import { backup1, databaseServer } from "./inventory.ts";
import { checkSet } from "./set.ts";

/**
 * Bring a PostgreSQL database back from its newest set.
 *
 * Use it when the data directory is lost or cannot be trusted. The set is restored into a new cluster beside the old
 * one, its rows are counted there, and only then do the two change places: until the switch nothing of the old cluster
 * has been touched, and after it the old one still lies beside.
 */
export default runbook(
  "recover-postgres",
  {
    recovers: ({ server }) => server.database,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      backup1.archive,
      item("root's ssh key on the database server, accepted by backup@backup1"),
      tools(server, "initdb", "pg_ctl", "pg_restore", "psql", "rsync", "systemctl"),
    ],
    params: {
      server: hostOf(databaseServer, "The server whose database is recovered"),
      before: timestamp("Use the newest set made before this moment").optional(),
    },
  },
  ({ params, ...steps }) => {
    const { read, change, confirm } = steps;
    const { server, before } = params;

    const major = read("Installed major version", {
      on: server,
      run: sh`postgres --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'`,
      gives: integer(),
    });

    // By the moment in the name, parsed; what has another kind of name (unfinished, put there by hand) is passed over.
    const set = read("Newest set", {
      on: backup1,
      run: sh`
        server=${server}
        before=${before}
        folder=/archive/postgres/$server
        newest=
        for found in "$folder"/*; do
          set=\${found##*/}
          [[ $set =~ ^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2})-([0-9]{2})-([0-9]{2})Z$ ]] || continue
          moment=\${BASH_REMATCH[1]}:\${BASH_REMATCH[2]}:\${BASH_REMATCH[3]}Z
          [[ -z $before || $moment < $before ]] || continue
          [[ $set > $newest ]] && newest=$set
        done
        if [ -z "$newest" ]; then
          printf 'refused: %s holds no finished set made before %s\n' "$folder" "\${before:-now}" >&2
          exit 1
        fi
        printf '%s/%s\n' "$folder" "$newest"
      `,
      gives: path(),
    });

    const newest = checkSet({ on: backup1, set });

    // What the bytes cannot tell: whose data this is, and whether the programs here can read it.
    const origin = read("Origin of the set", {
      on: backup1,
      run: sh`
        cd -- ${set}
        refuse() { printf 'refused: %s: %s\n' "$PWD" "$1" >&2; exit 1; }
        cluster=$(sed -n 's/^system-identifier //p' MANIFEST)
        grep -qxF -- "$cluster" ../clusters ||
          refuse "it is of another cluster: $cluster, and this archive holds those of $(tr '\n' ' ' < ../clusters)"
        version=$(sed -n 's/^server-version-num //p' MANIFEST)
        [ "$((version / 10000))" -le ${major} ] ||
          refuse "it was made by PostgreSQL $((version / 10000)), newer than the one installed"
        sed -n '/^host /p; /^database /p; /^finished /p; /^proven /p' MANIFEST
      `,
      gives: text(),
    });

    const bytes = read("Dump size", {
      on: backup1,
      run: sh`
        cd -- ${set}
        stat -c %s database.dump
      `,
      gives: integer(),
    });

    const state = read("State of the server", {
      on: server,
      run: sh`
        printf 'postgresql.service is %s\n' "$(systemctl is-active postgresql || true)"
        if [ -e /var/lib/pgsql/data/PG_VERSION ]; then
          printf 'a cluster lies in /var/lib/pgsql/data, %s\n' "$(du -sh /var/lib/pgsql/data | cut -f 1)"
        else
          printf 'there is no cluster in /var/lib/pgsql/data\n'
        fi
      `,
      gives: text(),
    });

    confirm("Restore this set", { evidence: [set, newest, origin, state] });

    change("Fetch the set", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server), freeSpace("/var/lib/pgsql", { times: 8, of: bytes })],
      run: sh`
        server=${server}
        set=${set}
        umask 077
        # Left by an earlier recovery from the same set, it would be taken for this one's when a run is resumed.
        rm -f -- /var/lib/pgsql/data/restored-from
        mkdir -p -- /var/lib/pgsql/incoming
        rsync -rt --delete -- "backup1:postgres/$server/\${set##*/}/" /var/lib/pgsql/incoming/
        chown -R postgres:postgres /var/lib/pgsql/incoming
      `,
      verify: sh`
        server=${server}
        set=${set}
        [ ! -e /var/lib/pgsql/data/restored-from ]
        different=$(rsync -rnc --delete --out-format=%n -- "backup1:postgres/$server/\${set##*/}/" /var/lib/pgsql/incoming/)
        [ -z "$different" ]
      `,
    });

    replaceCluster({ on: server, database: server.database });

    // A restored cluster is a new one: without this the next backup would be refused as a stranger's.
    const cluster = systemIdentifier({ on: server });
    takeSetsOf(steps, { on: backup1, server, cluster });

    change("Clear what was fetched", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/pgsql/incoming`,
      verify: sh`[ ! -e /var/lib/pgsql/incoming ]`,
    });
  },
);
