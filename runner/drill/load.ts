import { pathToFileURL } from "node:url";
import type { Drill } from "../../dsl/drill.ts";
import { nearest } from "../nearest.ts";
import type { Project, ProjectFile } from "../project.ts";
import { noDrills, notADrill, unknownDrill } from "./errors.ts";

/**
 * The files of the drills that are named; of all where none is.
 * @throws DrillError when there is none of that name
 */
export async function chooseDrills(project: Project, names: readonly string[]): Promise<readonly ProjectFile[]> {
  const all = await project.drills();
  if (all.length === 0) throw noDrills(project.folder);
  const known = all.map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw unknownDrill(name, nearest(name, known), known);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** The drill that a file declares. @throws DrillError when its default export is none */
export async function loadDrill({ file }: ProjectFile): Promise<Drill> {
  const { default: declared } = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  if (!isDrill(declared)) throw notADrill(file);
  return declared;
}

export function isDrill(value: unknown): value is Drill {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "drill";
}
