import { freeSpace, holds, hostOf, integer, isHost, item, name, path, runbook, sh, tools } from "../../dsl/index.ts";
import { backup1, databaseServer } from "./inventory.ts";
import { checkSet } from "./set.ts";

/**
 * Make a backup of one PostgreSQL database that can be trusted.
 *
 * Everything in the set belongs to one moment: the dump, the count of rows in every table and the newest moment inside
 * the data are taken in one snapshot. The manifest is written where the data is, before the set travels; the copy is
 * read back on the backup server and compared byte for byte before it gets its name. A set that has a name is whole.
 */
export default runbook(
  "back-up-postgres",
  {
    backsUp: ({ server }) => server.database,
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server }) => [
      server.database,
      backup1,
      item("root's ssh key on the database server, accepted by backup@backup1"),
      tools(server, "pg_dump", "pg_dumpall", "psql", "rsync", "sha256sum", "tar"),
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

    const cluster = read("Cluster identifier", {
      on: server,
      as: "postgres",
      run: sh`psql -X -At -v ON_ERROR_STOP=1 -d postgres -c 'select system_identifier from pg_control_system()'`,
      gives: name(),
    });

    // One session holds the snapshot: pg_dump uses it, and the rows are counted in it, so that the counts are exact.
    change("Dump the database", {
      on: server,
      as: "postgres",
      effect: "idempotent",
      guard: [isHost(server), freeSpace("/var/lib/pgsql", { times: 2, of: bytes })],
      run: sh`
        umask 077
        set=${set}
        export PGDATABASE=${database}
        spool=/var/lib/pgsql/outgoing/$set
        rm -rf -- "$spool"
        mkdir -p -- "$spool"
        cd -- "$spool"
        begun=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        psql -X -q -At -v ON_ERROR_STOP=1 <<'SQL'
        begin isolation level repeatable read read only;
        set local timezone to 'UTC';
        select pg_export_snapshot() as snapshot \gset
        \setenv SNAPSHOT :snapshot
        \! pg_dump --format=custom --snapshot="$SNAPSHOT" --file=database.dump && touch dumped
        \o rows
        select format('select %L || count(*) from %I.%I',
            format('rows %I.%I ', n.nspname, c.relname), n.nspname, c.relname)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          order by n.nspname, c.relname \gexec
        \o moments
        select format('select to_char(max(%3$I), ''YYYY-MM-DD"T"HH24:MI:SS.US"Z"'') from %1$I.%2$I where %3$I <= now()',
            n.nspname, c.relname, a.attname)
          from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            and a.atttypid = 'timestamptz'::regtype and a.attnum > 0 and not a.attisdropped \gexec
        \o facts
        select 'system-identifier ' || system_identifier from pg_control_system();
        select 'server-version-num ' || current_setting('server_version_num');
        commit;
        SQL
        [ -e dumped ]
        newest=$(sort moments | tail -n 1)
        pg_dumpall --globals-only --file=globals.sql
        data=$(psql -X -At -c 'show data_directory')
        tar -cf config.tar -C "$data" postgresql.conf postgresql.auto.conf pg_hba.conf pg_ident.conf
        {
          printf 'format 1\nhost %s\ndatabase %s\n' ${server} ${database}
          cat facts
          printf 'begun %s\nfinished %s\n' "$begun" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
          printf 'newest %s\n' "\${newest:-$begun}"
          for file in database.dump globals.sql config.tar; do
            digest=$(sha256sum -- "$file" | cut -d ' ' -f 1)
            printf 'file %s %s %s\n' "$file" "$(stat -c %s -- "$file")" "$digest"
          done
          cat rows
        } > manifest
        printf 'seal %s\n' "$(sha256sum < manifest | cut -d ' ' -f 1)" >> manifest
        rm -- dumped rows moments facts
        sync -- ./*
        mv -- manifest MANIFEST
      `,
      verify: sh`
        set=${set}
        cd -- "/var/lib/pgsql/outgoing/$set"
        [ -s MANIFEST ]
        seal=$(sed '/^seal /d' MANIFEST | sha256sum | cut -d ' ' -f 1)
        grep -qxF "seal $seal" MANIFEST
      `,
    });

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
