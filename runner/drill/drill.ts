import type { Drill } from "../../dsl/drill.ts";
import { conclude } from "./conclude.ts";
import { Course } from "./course.ts";
import { DrillError } from "./errors.ts";
import type { Emit } from "./events.ts";
import type { Findings } from "./findings.ts";
import { configurationOf, hashTree } from "./inputs.ts";
import { compileKit } from "./kit.ts";
import { demonstrationOf, recoveryOf, type RunOptions } from "./options.ts";
import { removeMachines } from "./phases/cleanup.ts";
import { bringUpSteadyState } from "./phases/steady.ts";
import { rehearse } from "./rehearsal.ts";
import type { DrillResult } from "./result.ts";
import type { WorldKind } from "./world.ts";

/**
 * Runs one drill from end to end, and tells what happens as it happens. A drill that does not pass is a result too.
 * @throws DrillError of kind `usage`, when the options make no sense for this drill
 */
export async function runDrill(drill: Drill, options: RunOptions, emit: Emit): Promise<DrillResult> {
  const course = new Course(emit, options);
  const findings: Findings = { began: new Date(), automated: [], stepSeconds: {}, tools: {} };
  const { title } = drill.options.disaster;
  emit({ type: "begin", drill: drill.id, title, demonstration: demonstrationOf(options) });
  try {
    await inAWorld(drill, options, course, findings);
  } catch (error) {
    if (!(error instanceof DrillError) || error.kind === "usage") throw error;
  } finally {
    await findings.kit?.[Symbol.asyncDispose]();
  }
  const result = await conclude(drill, options, course, findings);
  emit({ type: "end", result });
  return result;
}

/** Makes the world that the drill is rehearsed in, and removes it afterwards. @throws DrillError */
async function inAWorld(drill: Drill, options: RunOptions, course: Course, findings: Findings): Promise<void> {
  // What an author sees of a world is less than what a drill does with it.
  const kind = drill.options.world as WorldKind;
  const backups = options.withoutBackup ? [] : drill.options.backups;
  const recovery = recoveryOf(drill, options);

  await course.phase("hash the sources", async () => {
    findings.inputs = await hashTree(options.project.root, "inputs");
    findings.configuration = await configurationOf(drill, options.project);
  });
  const kit = await course.phase("compile the runbooks", () => compileKit(drill, options));
  findings.kit = kit;
  await course.phase("prepare the machines", async ({ progress }) => {
    await kind.prepare(progress);
    await kind.sweep();
  });
  const steady = await course.phase("bring up the steady state", (stage) =>
    bringUpSteadyState(kind, backups, kit, stage),
  );
  findings.images = steady.images;
  const world = await course.phase("fork the world", ({ progress }) => steady.fork(progress));
  try {
    await rehearse(drill, options, course, findings, { world, kit, recovery });
  } catch (error) {
    if (options.keep && !course.interrupted) findings.kept = await course.keep(world);
    throw error;
  } finally {
    if (!findings.kept) await removeMachines(world, course);
  }
}
