import { hostOf, integer, isHost, item, name, runbook, sh, text, timestamp, tools } from "../../dsl/index.ts";
import { takeSetsOf } from "./archive.ts";
import { chooseBase } from "./choose-base.ts";
import { replaceCluster } from "./cluster.ts";
import { backupServer, databaseServer } from "./inventory.ts";
import { closeLog } from "./log.ts";
import { fetchBase, fetchLog, replayLog } from "./replay.ts";
import { checkSet } from "./set.ts";

/**
 * Bring a PostgreSQL cluster back to its last minute, or to a moment of your choice.
 *
 * Use it when the data directory is lost, and when something was done to the data that must not have been: a table
 * dropped, rows deleted. For that, give the moment before it, or the restore point that was made before it: `select
 * pg_create_restore_point('before-the-upgrade')` costs nothing, and is more exact than any clock. It takes the newest base backup from before the moment and
 * replays the log that the server has handed over since. All databases of the cluster go to that moment.
 *
 * The server is stopped first. One that stops in order hands over all of its log, and nothing is lost. One whose files
 * are spoilt loses what was not handed over, a minute as a rule; where its log is still in `data/pg_wal`, that is used too.
 * The new cluster is made beside the old one, and only then do the two change places; the old one stays beside it.
 *
 * A recovery begins a new timeline of the log. When the moment was not the right one, run it again with another; a later
 * one than the first lies on the timeline before, and wants `--timeline` with its number. A gap in the log is refused, by
 * the name of what is missing. Where the machine is new, run `keep-log` first for the program that hands the log over.
 *
 * The database of a Koji hub is half of something, and this brings back that half: the store has gone on without it, and
 * kojira deletes what the database does not know. Do by hand, from the page of `recover-database`, its steps from "Hold
 * kojira and koji-gc back" to "Take the hub offline" before this run, and those from "Highest repository number" to "Let kojira
 * and koji-gc go" after it; the set that these ask for only names the folder of what is set aside. `kojicheck` says whether the two agree then.
 */
export default runbook(
  "recover-to-moment",
  {
    recovers: ({ server }) => server.database,
    objective: { rto: "1h", rpo: "5m" },
    needs: ({ server, holder }) => [
      holder.archive,
      item("root's ssh key on the database server, accepted as backup on the holder"),
      item("postgres' ssh key on the database server, accepted as backup on the holder for the place of its log"),
      tools(server, "gzip", "pg_ctl", "pg_verifybackup", "psql", "rsync", "systemctl", "tar"),
    ],
    params: {
      server: hostOf(databaseServer, "The server whose cluster is recovered"),
      holder: hostOf(backupServer, "The host that keeps its base backups and its log"),
      moment: timestamp("Bring it to this moment; as far as the log reaches where left out").optional(),
      point: name(
        "Bring it to this restore point, made by pg_create_restore_point; a moment then only chooses the base backup",
      ).optional(),
      timeline: integer("Follow this timeline of the log; the newest where left out").optional(),
    },
  },
  ({ params, ...steps }) => {
    const { read, change, confirm } = steps;
    const { server, holder, moment, point, timeline } = params;

    const major = read("Installed major version", {
      on: server,
      run: sh`postgres --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'`,
      gives: integer(),
    });

    const { bases, base, cluster, log, newest } = chooseBase({ holder, server, moment, timeline, major });
    const whole = checkSet({ on: holder, set: base, newest: false });

    const bytes = read("Space it takes", {
      on: holder,
      run: sh`
        server=${server}
        cluster=${cluster}
        base=${base}
        log=$(find "/archive/postgres/$server/log/$cluster" -newer "$base/MANIFEST" -printf '%s\n' | awk '{ s += $1 } END { print s + 0 }')
        set=$(du -sB1 -- "$base" | cut -f 1)
        printf '%s\n' "$(($(sed -n 's/^cluster-bytes //p' "$base/MANIFEST") + set + log))"
      `,
      gives: integer(),
    });

    const state = read("State of the server", {
      on: server,
      run: sh`
        printf 'postgresql.service is %s\n' "$(systemctl is-active postgresql || true)"
        if [ -e /var/lib/pgsql/data/PG_VERSION ]; then
          printf 'a cluster lies in /var/lib/pgsql/data, %s\n' "$(du -sh /var/lib/pgsql/data | cut -f 1)"
          waiting=$(find /var/lib/pgsql/data/pg_wal/archive_status -name '*.ready' | wc -l)
          printf '%s segments of its log wait to be handed over\n' "$waiting"
        else
          printf 'there is no cluster in /var/lib/pgsql/data\n'
        fi
      `,
      gives: text(),
    });

    confirm("Restore this base backup, and replay its log", { evidence: [bases, whole, log, newest, state] });

    fetchBase(steps, { holder, server, set: base, bytes });

    change("Note where the log is to end", {
      on: server,
      as: "postgres",
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`
        moment=${moment}
        point=${point}
        timeline=${timeline}
        # Left by an earlier recovery from the same base backup, it would be taken for this one's.
        rm -f -- /var/lib/pgsql/data/restored-from
        cd -- /var/lib/pgsql/incoming
        # In options of the server, which know no abbreviation of a time zone yet when they are read.
        rm -f -- target
        : > .target
        if [ -n "$point" ]; then
          printf ' -c recovery_target_name=%s' "$point" >> .target
        elif [ -n "$moment" ]; then
          printf ' -c recovery_target_time=%s+00' "\${moment%Z}" >> .target
        fi
        if [ -n "$timeline" ]; then printf ' -c recovery_target_timeline=%s' "$timeline" >> .target; fi
        if [ -s .target ]; then mv -T -- .target target; else rm -- .target; fi
      `,
      verify: sh`
        moment=${moment}
        point=${point}
        timeline=${timeline}
        [ ! -e /var/lib/pgsql/data/restored-from ]
        cd -- /var/lib/pgsql/incoming
        [ -z "$point" ] || grep -qF -- "recovery_target_name=$point" target
        [ -n "$point" ] || [ -z "$moment" ] || grep -qF -- "recovery_target_time=\${moment%Z}+00" target
        [ -z "$timeline" ] || grep -qF -- "recovery_target_timeline=$timeline" target
      `,
    });

    replaceCluster({
      on: server,
      database: server.database,
      restore: (tools, on) => {
        fetchLog(tools, { holder, server });
        replayLog(tools, on);
      },
    });

    takeSetsOf(steps, { on: holder, server, cluster });
    closeLog({ on: server });

    change("Clear what was fetched", {
      on: server,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/pgsql/incoming`,
      verify: sh`[ ! -e /var/lib/pgsql/incoming ]`,
    });
  },
);
