import { disaster, sh, strike } from "../../dsl/index.ts";
import { chile, hongkong, iraq } from "../koji/inventory.ts";

/** A hand slipped in the wrong window: the settings go, and nobody notices until the service is started again. */
export const settingsDeleted = disaster("settings-deleted", {
  title: "Hongkong's /etc/httpd was deleted, and the next restart of httpd failed.",
  takes: [hongkong.configuration],
  // Somebody writes there while it goes, and a folder that is not empty stays.
  blows: [strike(hongkong, sh`until rm -rf /etc/httpd; do :; done; systemctl restart httpd || true`)],
});

/** Whoever tidied up took the farm's authority for the leavings of an old one. */
export const authorityDeleted = disaster("authority-deleted", {
  title: "Hongkong's /etc/pki/koji was deleted, key and list of what was issued.",
  takes: [hongkong["certificate-authority"]],
  blows: [strike(hongkong, sh`rm -rf /etc/pki/koji`)],
});

/** A machine was cleaned of its secrets where a copy of it was meant, to be given away. It was stopped before ssh's own keys. */
export const secretsDeleted = disaster("secrets-deleted", {
  title: "Hongkong's hub.conf, with the database's password, and the private key of its site were deleted.",
  takes: [hongkong.secrets],
  blows: [strike(hongkong, sh`rm /etc/koji-hub/hub.conf /etc/pki/tls/private/hongkong.key`)],
});

/** The archive's file system is emptied: a disk that was made anew, with the wrong name in the command. */
export const archiveDeleted = disaster("archive-deleted", {
  title: "Everything in iraq's /archive was deleted: the sets of every server, the repository's copies, the kit.",
  takes: [iraq.archive],
  blows: [strike(iraq, sh`until find /archive -mindepth 1 -delete; do :; done`)],
});

/** The store's file system is emptied, in the middle of the day. */
export const storeDeleted = disaster("store-deleted", {
  title: "Everything in chile's /mnt/koji was deleted while builds went on.",
  takes: [chile.repository],
  blows: [strike(chile, sh`until find /mnt/koji -mindepth 1 -delete; do :; done`)],
});
