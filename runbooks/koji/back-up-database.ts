import { integer, isHost, item, name, path, runbook, sh, tools } from "../../dsl/index.ts";
import { dumpSet } from "../postgres/dump.ts";
import { proveSet } from "../postgres/prove.ts";
import { checkSet } from "../postgres/set.ts";
import { chile, iraq, ireland } from "./inventory.ts";
import { keepSet } from "./keep-set.ts";

/**
 * Make a backup of the Koji database that can be trusted, and keep it on iraq and on ireland's peer, chile.
 *
 * Dump, row counts and the newest moment inside the data belong to one snapshot. The set is restored into a cluster of
 * its own beside the running one, and its rows are counted there; the manifest says so, and is written on ireland, before
 * the set travels. Each holder reads its copy back and compares every byte before the set gets its name there. A set that
 * has a name is whole, and was seen to come back. The hub keeps running meanwhile.
 *
 * The set holds live credentials: roles with their passwords, and the sessions of everybody who was logged in.
 */
export default runbook(
  "back-up-database",
  {
    backsUp: ireland.database,
    keeps: [iraq, chile],
    objective: { rto: "1h", rpo: "24h" },
    needs: [
      ireland.database,
      iraq,
      chile,
      item("root's ssh key on ireland, accepted by backup@iraq and backup@chile"),
      tools(ireland, "initdb", "pg_ctl", "pg_dump", "pg_dumpall", "pg_restore", "psql", "rsync", "sha256sum", "tar"),
    ],
    params: {
      database: name("The hub's database: DBName in its hub.conf"),
    },
  },
  ({ read, change, params }) => {
    const { database } = params;

    // HOST-SET-Mon-DD-YYYY as the farm's sets have always been called, and the time of day, so that a day can have two.
    const set = read("Set name", {
      on: ireland,
      run: sh`LC_ALL=C date -u +ireland-pgdump-%b-%d-%Y.%H%M%SZ`,
      gives: name(),
    });

    const bytes = read("Database size", {
      on: ireland,
      as: "postgres",
      run: sh`psql -X -At -v ON_ERROR_STOP=1 -d ${database} -c 'select pg_database_size(current_database())'`,
      gives: integer(),
    });

    dumpSet({ on: ireland, set, database, bytes });
    proveSet({ on: ireland, set, bytes });

    // The archive of a holder is the receiving end's root: rrsync keeps the key to it.
    change("Copy the set to iraq and chile", {
      on: ireland,
      effect: "idempotent",
      guard: [isHost(ireland)],
      run: sh`
        set=${set}
        for holder in iraq chile; do
          rsync -rt --mkpath -- "/var/lib/pgsql/outgoing/$set/" "$holder:blaze-backup/ireland/.incoming-$set/"
        done
      `,
      verify: sh`
        set=${set}
        for holder in iraq chile; do
          different=$(
            rsync -rnc --out-format=%n -- "/var/lib/pgsql/outgoing/$set/" "$holder:blaze-backup/ireland/.incoming-$set/"
          )
          [ -z "$different" ]
        done
      `,
    });

    const incoming = read("Incoming set", {
      on: ireland,
      run: sh`printf '/archive/blaze-backup/ireland/.incoming-%s\n' ${set}`,
      gives: path(),
    });
    for (const holder of [iraq, chile]) {
      checkSet({ on: holder, set: incoming }, { as: holder.name });
      keepSet({ on: holder, set }, { as: holder.name });
    }

    change("Clear what was left to send", {
      on: ireland,
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
