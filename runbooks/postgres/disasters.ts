import { disaster, sh, strike } from "../../dsl/index.ts";
import { db1 } from "./inventory.ts";

/** A hand slipped, or a script ran with an empty variable: the files go while the server runs. */
export const dataDirectoryLost = disaster("data-directory-lost", {
  title: "The data directory of db1 was deleted under the running server.",
  takes: [db1.database],
  // The server goes on writing, and a file that comes meanwhile keeps its folder.
  blows: [strike(db1, sh`until rm -rf /var/lib/pgsql/data; do :; done`)],
});
