import { holds, isHost, name, procedure, sh, type AnyHost, type Asset, type Ref, type Tools } from "../../dsl/index.ts";

/** What PostgreSQL calls the cluster that runs on a host; initdb gives every cluster another one. */
export const systemIdentifier = procedure("cluster", ({ read }, { on }: { readonly on: AnyHost }): Ref<string> =>
  read("System identifier", {
    on,
    as: "postgres",
    run: sh`psql -X -At -v ON_ERROR_STOP=1 -d postgres -c 'select system_identifier from pg_control_system()'`,
    gives: name(),
  }),
);

/** Restores the dump of the set in /var/lib/pgsql/incoming into a cluster of its own, and counts its rows. */
export function restoreDump({ change }: Tools, on: AnyHost): void {
  // From nothing each time: what an interrupted attempt left behind is never built upon.
  change("Restore the set into a new cluster", {
    on,
    as: "postgres",
    effect: "idempotent",
    guard: [isHost(on)],
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
      # Beside a server that runs there is no room for its settings twice.
      if pg_ctl --pgdata=/var/lib/pgsql/data status > /dev/null; then apart+=" -c shared_buffers=64MB"; fi
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
}

interface Replacement {
  readonly on: AnyHost;
  /** What the switch takes away: the database as it is now. */
  readonly database: Asset;
  /**
   * Makes the new cluster of what lies in /var/lib/pgsql/incoming: in /var/lib/pgsql/restored, shut down, with the
   * MANIFEST it was made from as `restored-from`. A set's dump where left out.
   */
  readonly restore?: (tools: Tools, on: AnyHost) => void;
}

/**
 * Puts a cluster made from the set in /var/lib/pgsql/incoming in the place of the one in /var/lib/pgsql/data: restored
 * beside it, found to be whole, and only then exchanged. The old one stays beside, as `data.before-` and the moment.
 */
export const replaceCluster = procedure("cluster", (tools, { on, database, restore = restoreDump }: Replacement) => {
  const { change } = tools;

  // A server that stays up beside a dying data directory, or comes back with a reboot, acknowledges writes that the
  // restore then loses.
  change("Stop PostgreSQL", {
    on,
    effect: "idempotent",
    guard: [
      isHost(on),
      holds(
        "PostgreSQL's unit can be masked: nothing of that name lies in /etc/systemd/system but a link",
        sh`[ ! -e /etc/systemd/system/postgresql.service ] || [ -L /etc/systemd/system/postgresql.service ]`,
      ),
    ],
    // Stopped first: a masked unit has lost how it is to be stopped, and the last of the log is then not handed over.
    run: sh`
      systemctl stop postgresql
      systemctl mask postgresql
    `,
    verify: sh`
      [ "$(systemctl is-enabled postgresql || true)" = masked ]
      case "$(systemctl is-active postgresql || true)" in
        inactive | failed) ;;
        *) exit 1 ;;
      esac
      [ -z "$(pgrep -u postgres -x postgres || true)" ]
    `,
    undo: sh`
      systemctl unmask postgresql
      systemctl start postgresql
    `,
  });

  restore(tools, on);

  change("Switch to the restored cluster", {
    on,
    effect: "idempotent",
    destroys: [database],
    guard: [
      isHost(on),
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
    on,
    effect: "idempotent",
    guard: [isHost(on)],
    run: sh`
      # Refused where systemd has nothing of the unit in memory, and then there is nothing to reset.
      systemctl reset-failed postgresql || true
      systemctl unmask postgresql
      systemctl start postgresql
    `,
    verify: sh`
      database=$(sed -n 's/^database //p' /var/lib/pgsql/data/restored-from)
      [ "$(systemctl is-active postgresql)" = active ]
      cd /
      [ "$(runuser -u postgres -- psql -X -At -d "$database" -c 'select 1')" = 1 ]
    `,
    undo: sh`
      systemctl stop postgresql
      systemctl mask postgresql
    `,
  });
});
