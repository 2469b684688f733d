import { freeSpace, isHost, procedure, sh, type AnyHost, type Ref } from "../../dsl/index.ts";

interface Dump {
  readonly on: AnyHost;
  /** The set's name. */
  readonly set: Ref<string>;
  readonly database: Ref<string>;
  /** Size of the database. */
  readonly bytes: Ref<number>;
}

/** Makes a set of one database in /var/lib/pgsql/outgoing, as `checkSet` describes it, where the data is. */
export const dumpSet = procedure("set", ({ change }, { on, set, database, bytes }: Dump) => {
  // One session holds the snapshot: pg_dump uses it, and the rows are counted in it, so that the counts are exact.
  change("Dump the database", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on), freeSpace("/var/lib/pgsql", { times: 2, of: bytes })],
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
        printf 'format 1\nhost %s\ndatabase %s\n' "$(uname -n)" ${database}
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
});
