import { disaster, sh, strike } from "../../dsl/index.ts";
import { db1 } from "./inventory.ts";

/** A hand slipped, or a script ran with an empty variable: the files go while the server runs. */
export const dataDirectoryLost = disaster("data-directory-lost", {
  title: "The data directory of db1 was deleted under the running server.",
  takes: [db1.database],
  // The server goes on writing, and a file that comes meanwhile keeps its folder.
  blows: [strike(db1, sh`until rm -rf /var/lib/pgsql/data; do :; done`)],
});

/** A script that begins well, with a restore point, and then drops what it should have altered. */
export const tableDropped = disaster("table-dropped", {
  title: "An upgrade of the shop on db1 dropped the table of its orders.",
  takes: [db1.database],
  blows: [
    strike(
      db1,
      sh`
        cd /
        runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -d shop \
          -c "select pg_create_restore_point('before-the-upgrade')" -c 'drop table orders cascade'
      `,
    ),
  ],
});
