import {
  freeSpace,
  holds,
  hostOf,
  integer,
  isHost,
  item,
  name,
  path,
  runbook,
  sh,
  text,
  timestamp,
  tools,
} from "../../dsl/index.ts";
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
  ({ read, change, confirm, params }) => {
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
        sed -n '/^host /p; /^database /p; /^finished /p' MANIFEST
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
        mkdir -p -- /var/lib/pgsql/incoming
        rsync -rt --delete -- "backup1:postgres/$server/\${set##*/}/" /var/lib/pgsql/incoming/
        chown -R postgres:postgres /var/lib/pgsql/incoming
      `,
      verify: sh`
        server=${server}
        set=${set}
        different=$(rsync -rnc --delete --out-format=%n -- "backup1:postgres/$server/\${set##*/}/" /var/lib/pgsql/incoming/)
        [ -z "$different" ]
      `,
    });

    // A server that stays up beside a dying data directory acknowledges writes that the restore then loses.
    change("Stop PostgreSQL", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`systemctl stop postgresql`,
      verify: sh`
        case "$(systemctl is-active postgresql || true)" in
          inactive | failed) ;;
          *) exit 1 ;;
        esac
        [ -z "$(pgrep -u postgres -x postgres || true)" ]
      `,
      undo: sh`systemctl start postgresql`,
    });

    // From nothing each time: what an interrupted attempt left behind is never built upon.
    change("Restore the set into a new cluster", {
      on: server,
      as: "postgres",
      effect: "idempotent",
      guard: [isHost(server)],
      timeout: "8h",
      run: sh`
        umask 077
        cd -- /var/lib/pgsql/incoming
        new=/var/lib/pgsql/restored
        # A pid file that an interrupted attempt left may name a server that is gone.
        if [ -e "$new/postmaster.pid" ]; then pg_ctl --pgdata="$new" --mode=immediate stop || true; fi
        rm -rf -- "$new"
        initdb --pgdata="$new" --data-checksums --encoding=UTF8 --locale=C --auth=peer
        tar -xf config.tar -C "$new"

        # Out of reach of the clients: no network, and a socket that only this account can open.
        apart="-c listen_addresses='' -c port=5433 -c unix_socket_directories=/var/lib/pgsql/incoming"
        apart+=" -c hba_file=/var/lib/pgsql/incoming/apart.hba -c archive_mode=off -c logging_collector=off"
        printf 'local all all peer\n' > apart.hba
        trap 'pg_ctl --pgdata="$new" --mode=immediate stop || true' EXIT
        pg_ctl --pgdata="$new" --log=restore.log --options="$apart" --wait start
        export PGHOST=/var/lib/pgsql/incoming PGPORT=5433

        # initdb has made this one role already.
        grep -vx 'CREATE ROLE postgres;' globals.sql | psql -X -q -v ON_ERROR_STOP=1 -d postgres -f -
        pg_restore --exit-on-error --create --dbname=postgres database.dump
        vacuumdb --quiet --all --analyze-only

        # Every table that the manifest names has as many rows as when the dump was made.
        PGDATABASE=$(sed -n 's/^database //p' MANIFEST)
        export PGDATABASE
        while read -r line; do
          table=\${line% *}
          count=$(printf 'select count(*) from %s' "$table" | psql -X -At -v ON_ERROR_STOP=1 -f -)
          [ "$count" = "\${line##* }" ] || {
            printf 'refused: %s has %s rows, the manifest says %s\n' "$table" "$count" "\${line##* }" >&2
            exit 1
          }
        done < <(sed -n 's/^rows //p' MANIFEST)

        pg_ctl --pgdata="$new" --mode=fast --wait stop
        trap - EXIT
        cp -- MANIFEST "$new/restored-from"
        sync -f "$new"
      `,
      verify: sh`
        cmp -s /var/lib/pgsql/incoming/MANIFEST /var/lib/pgsql/restored/restored-from ||
          cmp -s /var/lib/pgsql/incoming/MANIFEST /var/lib/pgsql/data/restored-from
      `,
    });

    change("Switch to the restored cluster", {
      on: server,
      effect: "idempotent",
      destroys: [server.database],
      guard: [
        isHost(server),
        holds("PostgreSQL is stopped", sh`[ -z "$(pgrep -u postgres -x postgres || true)" ]`),
        holds(
          "the restored cluster was shut down cleanly",
          sh`
            for cluster in /var/lib/pgsql/restored /var/lib/pgsql/data; do
              cmp -s /var/lib/pgsql/incoming/MANIFEST "$cluster/restored-from" || continue
              LC_ALL=C pg_controldata "$cluster" | grep -qx 'Database cluster state: *shut down'
              exit
            done
            exit 1
          `,
        ),
      ],
      // Two renames. Where a crash falls between them, only the second is left to do.
      run: sh`
        cd -- /var/lib/pgsql
        if [ -e restored ]; then
          if [ -e data ]; then mv -T -- data "data.before-$(date -u +%Y-%m-%dT%H-%M-%SZ)"; fi
          mv -T -- restored data
        fi
        if command -v restorecon > /dev/null; then restorecon -R data; fi
        sync -f data
      `,
      verify: sh`
        [ ! -e /var/lib/pgsql/restored ]
        cmp -s /var/lib/pgsql/incoming/MANIFEST /var/lib/pgsql/data/restored-from
      `,
    });

    change("Start PostgreSQL", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        # Refused where systemd has nothing of the unit in memory, and then there is nothing to reset.
        systemctl reset-failed postgresql || true
        systemctl start postgresql
      `,
      verify: sh`
        database=$(sed -n 's/^database //p' /var/lib/pgsql/data/restored-from)
        [ "$(systemctl is-active postgresql)" = active ]
        cd /
        [ "$(runuser -u postgres -- psql -X -At -d "$database" -c 'select 1')" = 1 ]
      `,
      undo: sh`systemctl stop postgresql`,
    });

    // A restored cluster is a new one: without this the next backup would be refused as a stranger's.
    const cluster = read("New cluster identifier", {
      on: server,
      as: "postgres",
      run: sh`psql -X -At -v ON_ERROR_STOP=1 -d postgres -c 'select system_identifier from pg_control_system()'`,
      gives: name(),
    });

    change("Let the archive take the new cluster's sets", {
      on: backup1,
      as: "backup",
      effect: "idempotent",
      guard: [isHost(backup1)],
      run: sh`
        cd -- /archive/postgres
        cd -- ${server}
        # No line is left over where this cluster is the only one.
        { grep -vxF -- ${cluster} clusters || true; printf '%s\n' ${cluster}; } > .clusters
        sync -- .clusters
        mv -T -- .clusters clusters
      `,
      verify: sh`
        cd -- /archive/postgres
        cd -- ${server}
        [ "$(tail -n 1 clusters)" = ${cluster} ]
      `,
    });

    change("Clear what was fetched", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/pgsql/incoming`,
      verify: sh`[ ! -e /var/lib/pgsql/incoming ]`,
    });
  },
);
