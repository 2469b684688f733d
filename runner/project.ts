import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { nearest } from "./nearest.ts";
import { badConfig, noProject, twoOfOneName, unknownRunbook } from "./project-errors.ts";

/** A runbook or a drill of a project, known by the name of its file. */
export interface ProjectFile {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
}

/** The folder that a package.json makes, and what its `"drillbook"` member says of it. */
export interface Project {
  /** Absolute path. */
  readonly root: string;
  /** The folder of runbooks and drills, absolute. */
  readonly folder: string;
  /** The module that exports the project's worlds, absolute. */
  readonly worlds: string;
  /** The module that exports the project's hosts, absolute; nothing where the project names none. */
  readonly inventory: string | undefined;
  /** The files that export something as their default, no drill and no schedule, by name in order. Nothing is imported. */
  runbooks(): Promise<readonly ProjectFile[]>;
  /** The files named `*.drill.ts`, by name in order. Nothing is imported. */
  drills(): Promise<readonly ProjectFile[]>;
  /** The files named `*.schedule.ts`, by name in order. Nothing is imported. */
  schedules(): Promise<readonly ProjectFile[]>;
  /** @throws RunError with the nearest name when there is none of that name */
  runbook(name: string): Promise<ProjectFile>;
}

const drillFile = /\.drill\.[jt]s$/u;
const scheduleFile = /\.schedule\.[jt]s$/u;
const moduleFile = /(?<!\.d)(?<!\.test)\.[jt]s$/u;

/**
 * The project that a folder lies in.
 * @throws RunError when there is none, or its configuration makes no sense
 */
export async function loadProject(cwd: string): Promise<Project> {
  const root = await rootAbove(cwd);
  const config = await configOf(join(root, "package.json"));
  const folder = resolve(root, config.runbooks ?? "runbooks");
  const files = (): Promise<readonly string[]> => filesIn(folder);
  const runbooks = async (): Promise<readonly ProjectFile[]> => {
    const modules = (await files()).filter(
      (file) => moduleFile.test(file) && !drillFile.test(file) && !scheduleFile.test(file),
    );
    const exporting = await Promise.all(modules.map(hasDefault));
    return byName(
      root,
      modules.filter((_, index) => exporting[index]),
    );
  };
  return {
    root,
    folder,
    inventory: config.inventory === undefined ? undefined : resolve(root, config.inventory),
    worlds: resolve(root, config.worlds ?? "fixtures/index.ts"),
    runbooks,
    drills: async () =>
      byName(
        root,
        (await files()).filter((file) => drillFile.test(file)),
      ),
    schedules: async () =>
      byName(
        root,
        (await files()).filter((file) => scheduleFile.test(file)),
      ),
    runbook: async (name) => {
      const known = await runbooks();
      const found = known.find((each) => each.name === name);
      if (found) return found;
      const names = known.map((each) => each.name);
      throw unknownRunbook(name, nearest(name, names), names);
    },
  };
}

async function rootAbove(cwd: string): Promise<string> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if ((await readdir(folder)).includes("package.json")) return folder;
    if (folder === dirname(folder)) throw noProject(cwd);
  }
}

interface Config {
  readonly runbooks?: string;
  readonly worlds?: string;
  readonly inventory?: string;
}

async function configOf(file: string): Promise<Config> {
  const { drillbook = {} } = JSON.parse(await readFile(file, "utf8")) as {
    readonly drillbook?: Record<string, unknown>;
  };
  for (const member of ["runbooks", "worlds", "inventory"]) {
    if (!["string", "undefined"].includes(typeof drillbook[member])) throw badConfig(file, member);
  }
  return drillbook;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function byName(root: string, files: readonly string[]): readonly ProjectFile[] {
  const named = Map.groupBy(files, (file) =>
    basename(file).replace(drillFile, "").replace(scheduleFile, "").replace(moduleFile, ""),
  );
  return [...named]
    .map(([name, [file = "", ...others]]) => {
      if (others.length > 0) throw twoOfOneName(name, [file, ...others].map((each) => relative(root, each)).sort());
      return { name, file };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function hasDefault(file: string): Promise<boolean> {
  return /^export default\b/mu.test(await readFile(file, "utf8"));
}
