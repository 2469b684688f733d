import { closeSync, fsyncSync, openSync } from "node:fs";

/** A new name in a folder survives a crash only when the folder was synced too. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
