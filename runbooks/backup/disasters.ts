import { disaster, sh, strike } from "../../dsl/index.ts";
import { chile, hongkong } from "../koji/inventory.ts";

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

/** The store's file system is emptied, in the middle of the day. */
export const storeDeleted = disaster("store-deleted", {
  title: "Everything in chile's /mnt/koji was deleted while builds went on.",
  takes: [chile.repository],
  blows: [strike(chile, sh`until find /mnt/koji -mindepth 1 -delete; do :; done`)],
});
