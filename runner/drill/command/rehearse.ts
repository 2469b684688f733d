import type { Drill } from "../../../dsl/drill.ts";
import { runDrill } from "../drill.ts";
import type { DrillEvent } from "../events.ts";
import { chooseDrills, loadDrill } from "../load.ts";
import type { RunOptions } from "../options.ts";
import type { DrillResult } from "../result.ts";
import { LiveSink } from "../sinks/live.ts";
import { PlainSink } from "../sinks/plain.ts";
import { summaryOf } from "../sinks/summary.ts";
import type { WorldKind } from "../world.ts";
import { loadProject } from "../../project.ts";
import { answerOf } from "./answer.ts";
import { runOptions, type RehearseFlags } from "./flags.ts";
import { costOf, nextCommand } from "./guide.ts";
import { onInterrupt } from "./interrupt.ts";

const out = (text: string): void => void process.stdout.write(`${text}\n`);
const err = (text: string): void => void process.stderr.write(`${text}\n`);

/** Rehearses drills in this process, for a person who watches. @returns the exit code */
export async function rehearse(names: readonly string[], flags: RehearseFlags): Promise<number> {
  const project = await loadProject(process.cwd());
  const drills = await Promise.all((await chooseDrills(project, names)).map(loadDrill));
  const kinds = [...new Set(drills.map(({ options }) => options.world as WorldKind))];
  if (flags.sweep) {
    for (const kind of kinds) await kind.sweep({ kept: true });
    return 0;
  }
  using interrupt = onInterrupt(() => err("Interrupted: the machines are removed. Once more leaves them as they are."));
  const options = runOptions(flags, project, interrupt.signal);
  if (!flags.json) out(await costOf(drills, kinds, project.root));
  const results: DrillResult[] = [];
  for (const drill of drills) {
    if (interrupt.signal.aborted) break;
    results.push(flags.json ? await runDrill(drill, options, printEvent) : await watch(drill, options));
  }
  return answerOf(results, interrupt.signal);
}

const printEvent = (event: DrillEvent): void => out(JSON.stringify(event));

async function watch(drill: Drill, options: RunOptions): Promise<DrillResult> {
  using sink = process.stdout.isTTY ? new LiveSink(process.stdout) : new PlainSink(out);
  const result = await runDrill(drill, options, sink.emit);
  sink[Symbol.dispose]();
  out(`\n${summaryOf(result, nextCommand(drill, result))}`);
  return result;
}
