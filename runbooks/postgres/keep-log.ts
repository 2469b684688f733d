import { bool, holds, hostOf, isHost, item, line, runbook, sh, text, tools } from "../../dsl/index.ts";
import { systemIdentifier } from "./cluster.ts";
import { backupServer, databaseServer } from "./inventory.ts";
import { heartbeat } from "./heartbeat.ts";
import { closeLog } from "./log.ts";

/**
 * Have a PostgreSQL server hand its log to the backup server, so that minutes are lost and not a day.
 *
 * PostgreSQL calls `/usr/local/bin/archive-log` for each segment of its log, and a minute after the first write to one at
 * the latest. The program compresses it, sends it to `log/` of the server's place on the holder, in a folder for each
 * cluster, and says yes when the holder has it, compared and on its disk. Until then the server keeps the segment: while
 * the holder cannot be reached nothing is lost, and the server's disk fills. Another content under a name that is taken is
 * refused.
 *
 * A timer of the server's, `log-heartbeat`, writes the moment into the log each minute. So a segment closes each minute at
 * night too, `check-log` can tell on the holder that nothing arrives, and `recover-to-moment` finds a commit at the end of
 * every minute to stop at.
 *
 * Run it once, and again whenever it might have been altered: where all is as it should be it changes nothing, and sees
 * one segment arrive. Switching the archive on restarts PostgreSQL, once, and that is asked. The log is of use only with
 * a base backup that is older than what is to come back: `back-up-cluster`.
 *
 * Before the first run: the account postgres on the server needs an ssh key, accepted as `backup` on the holder for
 * `rrsync -no-del /archive/postgres/SERVER/log` alone.
 */
export default runbook(
  "keep-log",
  {
    backsUp: ({ server }) => server.database,
    keeps: ({ holder }) => [holder],
    continuous: true,
    objective: { rto: "1h", rpo: "5m" },
    needs: ({ server, holder }) => [
      server.database,
      holder,
      item("postgres' ssh key on the database server, accepted as backup on the holder for the place of its log"),
      tools(server, "gzip", "pg_controldata", "psql", "rsync"),
    ],
    params: {
      server: hostOf(databaseServer, "The server whose log is kept"),
      holder: hostOf(backupServer, "The host that keeps it"),
    },
  },
  ({ read, change, confirm, when, params }) => {
    const { server, holder } = params;

    const off = read("Whether the archive is off", {
      on: server,
      as: "postgres",
      run: sh`
        psql -X -At -v ON_ERROR_STOP=1 -d postgres \
          -c "select case current_setting('archive_mode') when 'off' then 'true' else 'false' end"
      `,
      gives: bool(),
    });

    const clients = read("Who is connected", {
      on: server,
      as: "postgres",
      run: sh`
        psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "select count(*) || ' sessions of ' || usename || ' in ' || datname
          from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() group by usename, datname"
        psql -X -At -v ON_ERROR_STOP=1 -d postgres -c "select 'running since ' || pg_postmaster_start_time()"
      `,
      gives: text(),
    });

    const cluster = systemIdentifier({ on: server });

    change("Make a place for the log", {
      on: holder,
      as: "backup",
      effect: "idempotent",
      guard: [isHost(holder)],
      run: sh`
        server=${server}
        cluster=${cluster}
        mkdir -p -- "/archive/postgres/$server/log/$cluster"
      `,
      verify: sh`
        server=${server}
        cluster=${cluster}
        [ -d "/archive/postgres/$server/log/$cluster" ]
      `,
    });

    // By rename: PostgreSQL may start the program at any moment.
    change("Place the program that hands the log over", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        umask 022
        cat > /usr/local/bin/.archive-log <<'END'
        #!/bin/bash
        # Hands one file of PostgreSQL's log to its holder: archive-log HOLDER PATH NAME, in the data directory, by archive_command.
        # Exit status 0: the holder has it, compared and on its disk. Else PostgreSQL keeps the file, and asks again.
        set -euo pipefail
        export LC_ALL=C
        holder=$1 path=$2 name=$3
        # A cluster that was restored from a dump begins its log anew, under the same names.
        cluster=$(pg_controldata . | sed -n 's/^Database system identifier: *//p')
        [[ $cluster =~ ^[0-9]+$ ]]
        place=$holder:$cluster
        work=$(mktemp -d)
        trap 'rm -rf -- "$work"' EXIT
        gzip -n -c -- "$path" > "$work/$name.gz"
        # The moment when it was last written to: what a recovery knows of it without reading it.
        touch -r "$path" -- "$work/$name.gz"
        rsync -t --ignore-existing --fsync --mkpath --timeout=60 -- "$work/$name.gz" "$place/"
        if [ -n "$(rsync -nc --out-format=%n --timeout=60 -- "$work/$name.gz" "$place/")" ]; then
          # The same may have been compressed by another gzip.
          rsync --timeout=60 -- "$place/$name.gz" "$work/held"
          gzip -dc < "$work/held" | cmp -s -- - "$path" || {
            printf 'archive-log: refused: the holder has another %s of the cluster %s\n' "$name" "$cluster" >&2
            exit 1
          }
        fi
        END
        chmod 0755 /usr/local/bin/.archive-log
        sync -- /usr/local/bin/.archive-log
        mv -T -- /usr/local/bin/.archive-log /usr/local/bin/archive-log
        if command -v restorecon > /dev/null; then restorecon /usr/local/bin/archive-log; fi
      `,
      verify: sh`
        printf '%s  %s\n' 1c9ba3ec901272853c0563479599af32b484ada356b405affdd401b87896e1fe \
          /usr/local/bin/archive-log | sha256sum --check --status
      `,
    });

    change("Have PostgreSQL hand its log over", {
      on: server,
      as: "postgres",
      effect: "idempotent",
      guard: [
        isHost(server),
        holds(
          "postgres reaches the place of its log on the holder",
          sh`
            holder=${holder}
            rsync --list-only --timeout=60 "$holder:" > /dev/null
          `,
        ),
        holds(
          "the log's segments have the size that everything here counts with",
          sh`[ "$(psql -X -At -d postgres -c 'show wal_segment_size')" = 16MB ]`,
        ),
      ],
      run: sh`
        holder=${holder}
        psql -X -q -v ON_ERROR_STOP=1 -v command="/usr/local/bin/archive-log $holder \"%p\" \"%f\"" -d postgres <<'SQL'
        alter system set archive_mode = 'on';
        alter system set archive_timeout = '60s';
        alter system set archive_command = :'command';
        select pg_reload_conf() \g /dev/null
        SQL
      `,
      verify: sh`
        holder=${holder}
        [ "$(psql -X -At -v ON_ERROR_STOP=1 -v command="/usr/local/bin/archive-log $holder \"%p\" \"%f\"" -d postgres <<'SQL'
        select count(*) from (select distinct on (name) name, setting from pg_file_settings order by name, seqno desc) s
          where (name, setting) in (('archive_mode', 'on'), ('archive_timeout', '60s'),
            ('archive_command', :'command'));
        SQL
        )" = 3 ]
      `,
    });

    when("The archive is off", off, () => {
      confirm("PostgreSQL may restart", { evidence: [clients] });

      change("Restart PostgreSQL", {
        on: server,
        effect: "idempotent",
        guard: [
          isHost(server),
          holds(
            "no base backup is being made",
            sh`[ -z "$(pgrep -u postgres -f '^postgres: walsender .* sending backup' || true)" ]`,
          ),
        ],
        run: sh`systemctl restart postgresql`,
        verify: sh`
          cd /
          [ "$(runuser -u postgres -- psql -X -At -d postgres -c 'show archive_mode')" = on ]
        `,
      });
    });

    heartbeat({ on: server });
    closeLog({ on: server });

    read("Newest segment that the holder has", {
      on: holder,
      run: sh`
        server=${server}
        cluster=${cluster}
        cd -- "/archive/postgres/$server/log/$cluster"
        newest=$(find . -maxdepth 1 -regex './[0-9A-F]*[.]gz' -printf '%f\n' | sort | tail -n 1)
        printf '%s, closed at %s\n' "\${newest%.gz}" "$(date -u -r "$newest" +%Y-%m-%dT%H:%M:%SZ)"
      `,
      gives: line(),
    });
  },
);
