import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs once before the tests: what Node compiles of the command line is kept for as long as they run, and no longer. */
export default function setup(): (() => void) | undefined {
  if (process.env["XDG_CACHE_HOME"]?.startsWith(prefix)) return undefined;
  const folder = mkdtempSync(prefix);
  process.env["XDG_CACHE_HOME"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

const prefix = join(tmpdir(), "drillbook-cache-");
