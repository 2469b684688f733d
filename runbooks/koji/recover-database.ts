import {
  choice,
  freeSpace,
  integer,
  isHost,
  item,
  name,
  runbook,
  sh,
  text,
  timestamp,
  tools,
} from "../../dsl/index.ts";
import { replaceCluster, systemIdentifier } from "../postgres/cluster.ts";
import { chooseSet } from "./choose-set.ts";
import { builders, chile, hongkong, iraq, ireland } from "./inventory.ts";
import { makeRepositories, reconcileBuilds, reconcileRepositories } from "./reconcile.ts";
import { reportLoss } from "./report.ts";
import { openForAdministrators, openForEverybody, releaseDeleters, restartBuilders, stopServices } from "./services.ts";
import { numbersOnDisk, settleDatabase } from "./settle.ts";

/**
 * Bring the Koji database back when ireland has lost it, although the store has gone on without it.
 *
 * Use it when PostgreSQL's data on ireland is lost or cannot be trusted, and ireland itself runs. The newest dump is
 * older than /mnt/koji: builds and repositories lie there that the restored database has never heard of. Three things
 * follow, and this runbook exists for them. Numbers that the database would hand out again are already in use. kojira
 * deletes repositories that the hub does not know. And a build whose files are in the way cannot be built again.
 *
 * The hosts: ireland runs PostgreSQL with the hub's database. hongkong runs httpd, in it the hub, the web pages and the
 * store's files, and beside it kojira. chile holds the store, /mnt/koji, which hongkong mounts. iraq keeps the dumps,
 * and chile holds the same ones in the same place: where iraq is lost too, copy one from there to iraq's successor. The
 * builders fetch their work from the hub.
 *
 * Nothing of ireland's old data is touched before the restored database has been counted beside it. Hub, web pages and
 * files are away meanwhile; builders wait for them by themselves. Then administrators alone are let in, until database
 * and store agree, and at last everybody.
 *
 * Afterwards: send the report, /var/log/koji-recovery on hongkong, to those whose builds are in it. Tag what was
 * imported, or koji-gc removes it in time. Keep /mnt/koji/set-aside, and data.before-… beside ireland's data, until
 * nobody has missed anything for a while; then delete them.
 */
export default runbook(
  "recover-database",
  {
    recovers: ireland.database,
    objective: { rto: "1h", rpo: "24h" },
    needs: [
      iraq.archive,
      chile.repository,
      hongkong,
      ...builders,
      item("root's ssh key on ireland, accepted by backup@iraq"),
      item("a Koji administrator's certificate, used by root's koji command on hongkong"),
      tools(ireland, "initdb", "pg_ctl", "pg_restore", "psql", "rsync", "systemctl"),
      tools(hongkong, "koji", "systemctl"),
    ],
    params: {
      orphans: choice(
        ["import", "set-aside"],
        "What becomes of builds that only the store has: back into the database, untagged, or out of the way, to be built again",
      ),
      before: timestamp("Use the newest dump begun before this moment").optional(),
      "pass-over": integer("How many whole dumps to pass over, counted from the newest").optional(),
    },
  },
  ({ read, change, confirm, params }) => {
    const { orphans, before, "pass-over": passOver } = params;

    const major = read("Installed major version", {
      on: ireland,
      run: sh`postgres --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'`,
      gives: integer(),
    });

    const { sets, set, contents, newest, bytes } = chooseSet({ on: iraq, before, passOver, major });

    const database = read("Name of the database", {
      on: iraq,
      run: sh`
        cd -- ${set}
        sed -n 's/^database //p' MANIFEST
      `,
      gives: name(),
    });

    const state = read("State of ireland", {
      on: ireland,
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

    const services = read("State of hongkong", {
      on: hongkong,
      run: sh`
        for unit in httpd kojira; do printf '%s is %s\n' "$unit" "$(systemctl is-active "$unit" || true)"; done
        mountpoint /mnt/koji || true
      `,
      gives: text(),
    });

    confirm("Restore this dump", { evidence: [set, newest, contents, sets, state, services, orphans] });

    stopServices();

    change("Fetch the set", {
      on: ireland,
      effect: "idempotent",
      guard: [isHost(ireland), freeSpace("/var/lib/pgsql", { times: 8, of: bytes })],
      run: sh`
        set=${set}
        umask 077
        # Left by an earlier recovery from the same set, it would be taken for this one's when a run is resumed.
        rm -f -- /var/lib/pgsql/data/restored-from
        mkdir -p -- /var/lib/pgsql/incoming
        rsync -rt --delete -- "iraq:blaze-backup/ireland/\${set##*/}/" /var/lib/pgsql/incoming/
        chown -R postgres:postgres /var/lib/pgsql/incoming
      `,
      verify: sh`
        set=${set}
        [ ! -e /var/lib/pgsql/data/restored-from ]
        different=$(
          rsync -rnc --delete --out-format=%n -- "iraq:blaze-backup/ireland/\${set##*/}/" /var/lib/pgsql/incoming/
        )
        [ -z "$different" ]
      `,
    });

    replaceCluster({ on: ireland, database: ireland.database });

    const numbers = numbersOnDisk();
    const cancelled = settleDatabase({ database, numbers });
    reconcileRepositories({ database, set });

    openForAdministrators();
    const hollow = reconcileBuilds({ set, decision: orphans });
    openForEverybody();
    restartBuilders({ database });
    makeRepositories({ database, newest: numbers.repository });
    releaseDeleters();

    reportLoss({ set, newest, cancelled, hollow });

    // A restored cluster is a new one: without this the base backups of it would be refused as a stranger's.
    const cluster = systemIdentifier({ on: ireland });
    change("Let the archive take the base backups of the new cluster", {
      on: iraq,
      as: "backup",
      effect: "idempotent",
      guard: [isHost(iraq)],
      run: sh`
        # Where ireland's log is not kept there is none.
        [ -e /archive/postgres/ireland/clusters ] || exit 0
        cd -- /archive/postgres/ireland
        # No line is left over where this cluster is the only one.
        { grep -vxF -- ${cluster} clusters || true; printf '%s\n' ${cluster}; } > .clusters
        sync -- .clusters
        mv -T -- .clusters clusters
      `,
      verify: sh`
        clusters=/archive/postgres/ireland/clusters
        [ ! -e "$clusters" ] || [ "$(tail -n 1 -- "$clusters")" = ${cluster} ]
      `,
    });

    change("Clear what was fetched", {
      on: ireland,
      effect: "idempotent",
      run: sh`rm -rf -- /var/lib/pgsql/incoming`,
      verify: sh`[ ! -e /var/lib/pgsql/incoming ]`,
    });
  },
);
