import { disaster, sh, strike } from "../../dsl/index.ts";
import { hongkong } from "../koji/inventory.ts";

/** A hand slipped in the wrong window: the settings go, and nobody notices until the service is started again. */
export const settingsDeleted = disaster("settings-deleted", {
  title: "Hongkong's /etc/httpd was deleted, and the next restart of httpd failed.",
  takes: [hongkong.configuration],
  // Somebody writes there while it goes, and a folder that is not empty stays.
  blows: [strike(hongkong, sh`until rm -rf /etc/httpd; do :; done; systemctl restart httpd || true`)],
});
