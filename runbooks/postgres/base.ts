import { freeSpace, holds, isHost, procedure, sh, type AnyHost, type Ref } from "../../dsl/index.ts";

interface Base {
  readonly on: AnyHost;
  /** The set's name. */
  readonly set: Ref<string>;
  /** Size of the data directory. */
  readonly bytes: Ref<number>;
}

/**
 * Makes a base backup in /var/lib/pgsql/outgoing: a set, as `checkSet` describes it, of a whole cluster, with these files.
 *
 * - `base.tar.gz`: the data directory, as pg_basebackup copies it under the running server
 * - `pg_wal.tar.gz`: the log that was written meanwhile, so that the set restores by itself
 * - `backup_manifest`: the size and SHA-256 of each file of the cluster, for pg_verifybackup
 * - `MANIFEST`: `format`, `host`, `database` (the one that is asked whether the cluster works), `system-identifier`,
 *   `server-version-num`, `timeline`, `first-segment` (where the log is to be replayed from), `cluster-bytes`, `begun`,
 *   `finished` (from this moment on it can be brought to any moment that the log reaches), `newest` (the same), `file …`, `seal`
 */
export const takeBase = procedure("base", ({ change }, { on, set, bytes }: Base) => {
  change("Copy the cluster", {
    on,
    as: "postgres",
    effect: "idempotent",
    timeout: "8h",
    guard: [
      isHost(on),
      freeSpace("/var/lib/pgsql", { times: 2, of: bytes }),
      holds(
        "PostgreSQL hands its log over",
        sh`[ "$(psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "
          select current_setting('archive_mode') = 'on' and current_setting('archive_command') like '/usr/local/bin/archive-log %'")" = t ]`,
      ),
      holds(
        "no tablespace lies outside of the data directory: none is restored",
        sh`[ "$(psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "
          select count(*) from pg_tablespace where pg_tablespace_location(oid) <> ''")" = 0 ]`,
      ),
    ],
    run: sh`
      umask 077
      set=${set}
      spool=/var/lib/pgsql/outgoing/$set
      rm -rf -- "$spool"
      mkdir -p -- "$spool"
      cd -- "$spool"
      begun=$(date -u +%Y-%m-%dT%H:%M:%SZ)
      pg_basebackup --pgdata=. --format=tar --compress=client-gzip:1 --wal-method=stream --checkpoint=fast \
        --manifest-checksums=SHA256 --label="$set"
      finished=$(date -u +%Y-%m-%dT%H:%M:%SZ)
      label=$(tar -xOf base.tar.gz backup_label)
      {
        printf 'format 1\nhost %s\ndatabase postgres\n' "$(uname -n)"
        psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "select 'system-identifier ' || system_identifier from pg_control_system()" \
          -c "select 'server-version-num ' || current_setting('server_version_num')"
        sed -nE 's/^START TIMELINE: /timeline /p; s/^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)$/first-segment \1/p' <<< "$label"
        printf 'cluster-bytes %s\nbegun %s\nfinished %s\nnewest %s\n' ${bytes} "$begun" "$finished" "$finished"
        for file in base.tar.gz pg_wal.tar.gz backup_manifest; do
          digest=$(sha256sum -- "$file" | cut -d ' ' -f 1)
          printf 'file %s %s %s\n' "$file" "$(stat -c %s -- "$file")" "$digest"
        done
      } > manifest
      for key in system-identifier server-version-num timeline first-segment; do grep -q "^$key " manifest; done
      printf 'seal %s\n' "$(sha256sum < manifest | cut -d ' ' -f 1)" >> manifest
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
