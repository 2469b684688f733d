import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { placeRuntime, type RuntimeFile } from "./runtime.ts";

/** A runbook that was compiled, as far as a kit needs it. */
export interface KitScript {
  readonly plan: { readonly id: string };
  script(runtime: RuntimeFile): string;
}

/** What was written. */
export interface Kit {
  readonly folder: string;
  /** Absolute paths of the scripts, by runbook. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly runtime: string;
}

/** Writes scripts and their runtime into a folder that needs nothing else but Node and ssh to work. */
export async function writeKit(folder: string, compiled: readonly KitScript[], runtime: RuntimeFile): Promise<Kit> {
  await mkdir(folder, { recursive: true });
  const scripts = new Map<string, string>();
  for (const each of compiled) {
    const file = join(folder, `${each.plan.id}.mjs`);
    await writeFile(file, each.script(runtime), { mode: 0o755 });
    scripts.set(each.plan.id, file);
  }
  return { folder, scripts, runtime: await placeRuntime(folder, runtime) };
}
