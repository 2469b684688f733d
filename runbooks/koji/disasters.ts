import { disaster, sh, strike } from "../../dsl/index.ts";
import { chile, ireland } from "./inventory.ts";

/**
 * The store has gone on since the newest dump, and by the time that new disks are there its newest repositories are old
 * enough for kojira to delete: it leaves what the hub does not know alone for a week. That time has passed is simulated,
 * by setting back the times of the repositories' folders.
 */
export const databaseLost = disaster("koji-database-lost", {
  title: "The disks under ireland's database died, and new ones came after eight days.",
  takes: [ireland.database],
  blows: [
    strike(ireland, sh`systemctl kill --signal=KILL postgresql; until rm -rf /var/lib/pgsql/data; do :; done`),
    strike(chile, sh`find /mnt/koji/repos -mindepth 2 -maxdepth 2 -type d -exec touch -d '8 days ago' {} +`),
  ],
});
