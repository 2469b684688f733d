import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import type { Drill } from "../../dsl/drill.ts";
import { canonical } from "../../dsl/plan/canonical.ts";
import type { Project } from "../project.ts";
import { sha256 } from "../journal/line.ts";
import type { Subject } from "./result.ts";

/** What goes into a drill: everything but tests and pages. The committed evidence is among the latter. */
const isInput = (file: string): boolean => !/^(?:docs|test|\.drillbook|\.git)\//u.test(file) && !file.endsWith(".md");

/**
 * The hash of the sources in a folder as they lie there: a line for each file, its SHA-256 and its path, in the order of
 * the paths. It is none of a commit, because evidence that is committed cannot name its own.
 */
export async function hashTree(folder: string, name: string): Promise<Subject> {
  const files = (await sourcesOf(folder)).filter(isInput).sort();
  const lines = await Promise.all(
    files.map(async (file) => `${sha256(await readFile(join(folder, file)))}  ${file}\n`),
  );
  return { name, sha256: sha256(lines.join("")) };
}

/** What decides beside the kit whether a drill would run as it did: its declaration, and the sources of its world. */
export async function configurationOf(
  { id, everySeconds, options }: Drill,
  { worlds }: Pick<Project, "worlds">,
): Promise<readonly Subject[]> {
  const world = { name: options.world.name, probes: options.world.probes, ledgerIn: options.world.ledgerIn };
  const declared = JSON.parse(JSON.stringify({ id, everySeconds, ...options, world })) as unknown;
  return [{ name: "declaration", sha256: sha256(canonical(declared)) }, await hashTree(dirname(worlds), "world")];
}

/** The files that git knows or would take, relative to the folder; where git knows nothing, every file that is there. */
async function sourcesOf(folder: string): Promise<readonly string[]> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const known = await git(folder, ...list).catch(() => []);
  if (known.length === 0) return await walk(folder);
  const deleted = new Set(await git(folder, "ls-files", "-z", "--deleted"));
  return known.filter((file) => !deleted.has(file));
}

async function walk(folder: string): Promise<readonly string[]> {
  // The worlds of a project may be those of a package: then it has no folder of its own for them.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => relative(folder, file)).filter((file) => !/(?:^|\/)node_modules\//u.test(file));
}

async function git(folder: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)("git", args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split("\0").filter((file) => file !== "");
}
