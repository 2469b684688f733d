import { answerOf } from "../../../runner/drill/command/answer.ts";
import { runDrill } from "../../../runner/drill/drill.ts";
import type { DrillEvent, Emit } from "../../../runner/drill/events.ts";
import { chooseDrills, loadDrill } from "../../../runner/drill/load.ts";
import type { RunOptions } from "../../../runner/drill/options.ts";
import type { DrillResult } from "../../../runner/drill/result.ts";
import { loadProject } from "../../../runner/project.ts";
import { drillProject, type DrillProject, type Variation } from "./project.ts";

/** How a drill in a folder world went. */
interface Rehearsed {
  readonly code: number;
  readonly result: DrillResult;
  readonly events: readonly DrillEvent[];
}

/** Runs the drill of a project. */
export async function rehearsed(
  project: DrillProject,
  options: Partial<RunOptions> = {},
  watch: Emit = () => undefined,
): Promise<Rehearsed> {
  const loaded = await loadProject(project.folder);
  const [file] = await chooseDrills(loaded, ["lost-rows"]);
  if (!file) throw new Error("there is no such drill");
  const events: DrillEvent[] = [];
  const result = await runDrill(await loadDrill(file), { project: loaded, ...options }, (event) => {
    events.push(event);
    watch(event);
  });
  return { code: answerOf([result], new AbortController().signal), result, events };
}

/** Runs the drill of a project that is made for it, and removed. */
export async function rehearse(variation: Variation, options: Partial<RunOptions> = {}): Promise<Rehearsed> {
  await using project = await drillProject(variation);
  return await rehearsed(project, options);
}
