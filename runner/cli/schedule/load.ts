import { pathToFileURL } from "node:url";
import type { Schedule } from "../../../dsl/schedule.ts";
import { nearest } from "../../nearest.ts";
import type { Project } from "../../project.ts";
import { notASchedule, unknownSchedule } from "./errors.ts";

/** The schedule of that name. @throws RunError */
export async function loadSchedule(project: Project, name: string): Promise<Schedule> {
  const all = await project.schedules();
  const known = all.map((each) => each.name);
  const found = all.find((each) => each.name === name);
  if (!found) throw unknownSchedule(name, nearest(name, known), known);
  return importSchedule(found.file);
}

/** The schedules of those names, or all that the project has. @throws RunError */
export async function loadSchedules(project: Project, names: readonly string[]): Promise<readonly Schedule[]> {
  if (names.length > 0) return Promise.all(names.map((name) => loadSchedule(project, name)));
  const all = await project.schedules();
  return Promise.all(all.map(({ file }) => importSchedule(file)));
}

async function importSchedule(file: string): Promise<Schedule> {
  const { default: declared } = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  if (!isSchedule(declared)) throw notASchedule(file);
  return declared;
}

function isSchedule(value: unknown): value is Schedule {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "schedule";
}
