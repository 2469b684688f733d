import { freeSpace, isHost, sh, type AnyHost, type HostParam, type Ref, type Tools } from "../../dsl/index.ts";

interface Fetched {
  readonly holder: HostParam<"archive">;
  /** The server that is restored, from what the archive has of it. */
  readonly server: HostParam<"database">;
  /** The set: its folder on the holder, or its name. */
  readonly set: Ref<string>;
  /** Space that the set, the log and the cluster take. */
  readonly bytes: Ref<number>;
}

/** Fetches a base backup into /var/lib/pgsql/incoming, and leaves nothing else there. */
export function fetchBase({ change }: Tools, { holder, server, set, bytes }: Fetched): void {
  change("Fetch the base backup", {
    on: server,
    effect: "idempotent",
    timeout: "8h",
    guard: [isHost(server), freeSpace("/var/lib/pgsql", { times: 2, of: bytes })],
    run: sh`
      holder=${holder}
      server=${server}
      set=${set}
      umask 077
      mkdir -p -- /var/lib/pgsql/incoming
      rsync -rt --delete -- "$holder:postgres/$server/base/\${set##*/}/" /var/lib/pgsql/incoming/
      chown -R postgres:postgres /var/lib/pgsql/incoming
    `,
    verify: sh`
      holder=${holder}
      server=${server}
      set=${set}
      different=$(rsync -rnc --out-format=%n -- "$holder:postgres/$server/base/\${set##*/}/" /var/lib/pgsql/incoming/)
      [ -z "$different" ] && [ -s /var/lib/pgsql/incoming/MANIFEST ]
    `,
  });
}

/** Fetches the log from a base backup's first segment on, and what the old cluster still has of it. */
export function fetchLog({ change }: Tools, { holder, server }: Pick<Fetched, "holder" | "server">): void {
  change("Fetch the log", {
    on: server,
    effect: "idempotent",
    timeout: "8h",
    guard: [isHost(server)],
    run: sh`
      holder=${holder}
      server=${server}
      umask 077
      cd -- /var/lib/pgsql/incoming
      cluster=$(sed -n 's/^system-identifier //p' MANIFEST)
      first=$(sed -n 's/^first-segment //p' MANIFEST)
      log=$holder:postgres/$server/log/$cluster
      # A segment's place in the log is its name without the timeline, which is the first eight digits.
      rsync --list-only -- "$log/" | awk -v first="\${first:8}" '
        { name = $NF; sub(/[.]gz$/, "", name) }
        name ~ /^[0-9A-F]+$/ && length(name) == 24 && substr(name, 9) < first { print "/" $NF }
        name ~ /[.]backup$|[.]partial$/ { print "/" $NF }' > passed-over
      mkdir -p -- log salvaged
      rsync -rt --exclude-from=passed-over -- "$log/" log/
      # Where the files of the old cluster are spoilt, its own log often is not. Each segment says whose it is, and where in
      # the log it lies: one that waits to be used again has the name of its next place, and the contents of its last.
      for segment in /var/lib/pgsql/data/pg_wal/*; do
        name=\${segment##*/}
        [[ $name =~ ^[0-9A-F]{24}$ ]] || continue
        [ ! -e "log/$name.gz" ] || continue
        read -r location owner < <(od -A n -v -w24 -t u8 -j 8 -N 24 -- "$segment" | awk '{ print $1, $3 }')
        [ "$owner" = "$cluster" ] || continue
        [ "$location" = "$(((16#\${name:8:8} * 256 + 16#\${name:16:8}) * 16777216))" ] || continue
        cp -- "$segment" salvaged/
      done
      chown -R postgres:postgres log salvaged
      printf 'of %s, from %s on, there are %s segments, and %s that only the old cluster has\n' \
        "$cluster" "$first" "$(find log -name '*[0-9A-F].gz' | wc -l)" "$(find salvaged -type f | wc -l)"
    `,
    verify: sh`
      holder=${holder}
      server=${server}
      cd -- /var/lib/pgsql/incoming
      cluster=$(sed -n 's/^system-identifier //p' MANIFEST)
      missing=$(rsync -rn --ignore-existing --exclude-from=passed-over --out-format=%n -- "$holder:postgres/$server/log/$cluster/" log/)
      different=$(rsync -rnc --existing --exclude-from=passed-over --out-format=%n -- "$holder:postgres/$server/log/$cluster/" log/)
      # A segment may arrive at any moment from a server that runs.
      [ -d log ] && [ -z "$different" ] && { [ -z "$missing" ] || [ "$(systemctl is-active postgresql)" = active ]; }
    `,
  });
}

/**
 * Makes a cluster in /var/lib/pgsql/restored of the base backup and the log in /var/lib/pgsql/incoming. `target` there
 * says where the log is to end, in options of the server; where it is missing, at the log's own end.
 */
export function replayLog({ change }: Tools, on: AnyHost): void {
  // From nothing each time: what an interrupted attempt left behind is never built upon.
  change("Restore the base backup, and replay the log", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on)],
    timeout: "24h",
    run: sh`
      umask 077
      export LC_ALL=C
      cd -- /var/lib/pgsql/incoming
      new=/var/lib/pgsql/restored
      [ -d log ] || { printf 'refused: the log was not fetched to %s/log\n' "$PWD" >&2; exit 1; }
      # A pid file that an interrupted attempt left may name a server that is gone.
      if [ -e "$new/postmaster.pid" ]; then pg_ctl --pgdata="$new" --mode=immediate stop || true; fi
      rm -rf -- "$new"
      mkdir -- "$new"
      tar -xf base.tar.gz -C "$new"
      tar -xf pg_wal.tar.gz -C "$new/pg_wal"
      cp -- backup_manifest "$new/"
      pg_verifybackup --quiet "$new"
      touch "$new/recovery.signal"

      cat > give-log <<'END'
      #!/bin/bash
      # restore_command: give-log NAME PATH. A file that is there and cannot be read ends the recovery, by a status above 125:
      # taken for the end of the log, it would silently lose all that comes after it.
      log=/var/lib/pgsql/incoming/log/$1.gz salvaged=/var/lib/pgsql/incoming/salvaged/$1
      if [ -e "$log" ]; then
        gzip -dc -- "$log" > "$2" || { printf 'refused: %s cannot be read\n' "$log" >&2; exit 200; }
      elif [ -e "$salvaged" ]; then
        cp -- "$salvaged" "$2" || exit 200
      else
        exit 1
      fi
      END
      chmod 0700 give-log
      # Out of reach of the clients: no network, and a socket that only this account can open. It hands nothing over, and
      # marks what it would: that goes once it is the cluster. And it fits beside the one that runs while a backup is proven.
      apart="-c listen_addresses='' -c port=5433 -c unix_socket_directories=/var/lib/pgsql/incoming"
      apart+=" -c hba_file=/var/lib/pgsql/incoming/apart.hba -c archive_mode=on -c archive_command='' -c logging_collector=off"
      apart+=" -c shared_buffers=128MB -c shared_preload_libraries='' -c max_logical_replication_workers=0"
      printf '%s\n' "$apart" > apart
      printf 'local all all peer\n' > apart.hba
      apart+=" -c restore_command='/var/lib/pgsql/incoming/give-log %f %p' -c recovery_target_action=promote"
      if [ -e target ]; then apart+=" $(cat target)"; fi
      trap 'pg_ctl --pgdata="$new" --mode=immediate stop || true' EXIT
      export PGHOST=/var/lib/pgsql/incoming PGPORT=5433
      refuse() { tail -n 12 restore.log >&2; printf 'refused: %s\n' "$1" >&2; exit 1; }
      pg_ctl --pgdata="$new" --log=restore.log --options="$apart" --timeout=86400 --wait start > /dev/null ||
        refuse 'the restored cluster does not start'
      # It takes questions while it still replays.
      until [ "$(psql -X -At -d postgres -c 'select pg_is_in_recovery()' || true)" = f ]; do
        pg_ctl --pgdata="$new" status > /dev/null || refuse 'the log does not replay to where it should'
        sleep 0.2
      done
      pg_ctl --pgdata="$new" --mode=fast --wait stop
      trap - EXIT

      # The log ends for PostgreSQL at the first segment that it cannot follow, whatever comes after it.
      history=$(find "$new/pg_wal" -name '*.history' | sort | tail -n 1)
      read -r timeline location _ < <(grep . "$history" | tail -n 1)
      reached=$((16#\${location%/*} * 256 + (16#\${location#*/} >> 24)))
      printf -v timeline %08X "$timeline"
      newest=$(find log -name "$timeline*" | sed -nE 's|^log/([0-9A-F]{24})[.]gz$|\1|p' | sort | tail -n 1)
      if [ -n "$newest" ] && ! grep -qsE 'recovery_target_(time|name)' target; then
        [ "$reached" -ge "$((16#\${newest:8:8} * 256 + 16#\${newest:16:8}))" ] ||
          refuse "the log was replayed to $location of timeline $timeline, and reaches to the end of $newest"
      fi
      printf 'replayed to %s of timeline %s\n' "$location" "$timeline"
      # It says so only where it stopped before the log did.
      grep -E 'recovery stopping|last completed transaction' restore.log || true
      cp -- MANIFEST "$new/restored-from"
      sync -f "$new"
    `,
    verify: sh`
      cmp -s /var/lib/pgsql/incoming/MANIFEST /var/lib/pgsql/restored/restored-from ||
        cmp -s /var/lib/pgsql/incoming/MANIFEST /var/lib/pgsql/data/restored-from
    `,
  });
}
