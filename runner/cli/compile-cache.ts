import { existsSync, statSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolders } from "../make-folders.ts";

/**
 * Has Node keep what it compiles in `${XDG_CACHE_HOME:-~/.cache}/drillbook`, so that the command line starts faster.
 * Never in a folder of somebody else's, for what stands there is run: sudo may leave HOME as it was.
 */
export function keepCompiled(): void {
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  try {
    const owner = statSync(existsSync(caches) ? caches : homedir()).uid;
    if (owner !== process.getuid?.()) return;
    makeFolders(join(caches, "drillbook"), 0o700);
    enableCompileCache(join(caches, "drillbook"));
  } catch {
    // An account without a home has no cache.
  }
}
