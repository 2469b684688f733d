import { holds, hostOf, integer, isHost, item, line, name, path, runbook, sh, tools } from "../../dsl/index.ts";
import { takeBase } from "./base.ts";
import { systemIdentifier } from "./cluster.ts";
import { backupServer, databaseServer } from "./inventory.ts";
import { fetchBase, fetchLog, replayLog } from "./replay.ts";
import { checkSet } from "./set.ts";

/**
 * Make a base backup of a PostgreSQL cluster, and prove that it comes back with its log.
 *
 * The log that `keep-log` hands over is changes; a base backup is what they are changes of. It is copied while the server
 * runs, brought to the holder, and there read back and compared. Then it is fetched from the holder with the log and goes
 * through the recovery's own step, on the database server, beside the cluster and out of reach of its clients: each file
 * is compared with its SHA-256, the log is replayed to its end, and every row of every database is read. Only then it gets
 * its name, and in it the moment of the proof. A base backup that has a name has been restored.
 *
 * Make one each day: the log since the newest is what a recovery replays. The proof wants room for the cluster, twice, on
 * the database server, and reads and writes as much.
 */
export default runbook(
  "back-up-cluster",
  {
    backsUp: ({ server }) => server.database,
    keeps: ({ holder }) => [holder],
    objective: { rto: "1h", rpo: "24h" },
    needs: ({ server, holder }) => [
      server.database,
      holder,
      item("root's ssh key on the database server, accepted as backup on the holder"),
      item("the account postgres let in for replication on its own machine, in pg_hba.conf"),
      tools(server, "pg_basebackup", "pg_ctl", "pg_dump", "pg_verifybackup", "psql", "rsync", "sha256sum", "tar"),
    ],
    params: {
      server: hostOf(databaseServer, "The server whose cluster is backed up"),
      holder: hostOf(backupServer, "The host that keeps the base backup, and the log"),
    },
  },
  ({ params, ...steps }) => {
    const { read, change } = steps;
    const { server, holder } = params;

    const set = read("Set name", { on: server, run: sh`date -u +%Y-%m-%dT%H-%M-%SZ`, gives: name() });

    const bytes = read("Size of the cluster", {
      on: server,
      run: sh`du -sB1 --apparent-size /var/lib/pgsql/data | cut -f 1`,
      gives: integer(),
    });

    const cluster = systemIdentifier({ on: server });
    takeBase({ on: server, set, bytes });

    change("Copy the base backup to the archive", {
      on: server,
      effect: "idempotent",
      timeout: "8h",
      guard: [isHost(server)],
      run: sh`
        holder=${holder}
        server=${server}
        set=${set}
        rsync -rt --fsync --mkpath -- "/var/lib/pgsql/outgoing/$set/" "$holder:postgres/$server/base/.incoming-$set/"
      `,
      verify: sh`
        holder=${holder}
        server=${server}
        set=${set}
        different=$(
          rsync -rnc --out-format=%n -- "/var/lib/pgsql/outgoing/$set/" "$holder:postgres/$server/base/.incoming-$set/"
        )
        [ -z "$different" ]
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

    const incoming = read("Incoming set", {
      on: holder,
      run: sh`printf '/archive/postgres/%s/base/.incoming-%s\n' ${server} ${set}`,
      gives: path(),
    });
    checkSet({ on: holder, set: incoming });

    // From here on it is what a recovery does, from the holder's copy.
    fetchBase(steps, { holder, server, set: incoming, bytes });
    fetchLog(steps, { holder, server });
    replayLog(steps, server);

    change("Read every row of the restored cluster", {
      on: server,
      as: "postgres",
      effect: "idempotent",
      guard: [isHost(server)],
      timeout: "8h",
      run: sh`
        cd -- /var/lib/pgsql/incoming
        new=/var/lib/pgsql/restored
        rm -f -- read
        trap 'pg_ctl --pgdata="$new" --mode=immediate stop || true' EXIT
        pg_ctl --pgdata="$new" --log=restore.log --options="$(cat apart)" --timeout=3600 --wait start > /dev/null
        PGHOST=$PWD PGPORT=5433 pg_dumpall > /dev/null
        pg_ctl --pgdata="$new" --mode=fast --wait stop
        trap - EXIT
        touch read
      `,
      verify: sh`[ -e /var/lib/pgsql/incoming/read ]`,
    });

    const proven = read("The moment of the proof", {
      on: server,
      run: sh`date -u -r /var/lib/pgsql/incoming/read +%Y-%m-%dT%H:%M:%SZ`,
      gives: line(),
    });

    // A stranger's set would only be noticed when it is needed.
    change("Give the base backup its name", {
      on: holder,
      as: "backup",
      effect: "idempotent",
      guard: [
        isHost(holder),
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
        if [ ! -e "base/$set" ]; then
          printf '%s\n' ${proven} > "base/.incoming-$set/proven"
          sync -- "base/.incoming-$set/proven"
          mv -T -- "base/.incoming-$set" "base/$set"
        fi
        sync -- base clusters
      `,
      verify: sh`
        server=${server}
        set=${set}
        [ -s "/archive/postgres/$server/base/$set/proven" ] && [ -s "/archive/postgres/$server/clusters" ]
      `,
    });

    change("Clear what was proven", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`rm -rf -- /var/lib/pgsql/incoming /var/lib/pgsql/restored`,
      verify: sh`[ ! -e /var/lib/pgsql/incoming ] && [ ! -e /var/lib/pgsql/restored ]`,
    });
  },
);
