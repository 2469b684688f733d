import { relative } from "node:path";
import { chooseDrills } from "../drill/load.ts";
import type { DrillResult } from "../drill/result.ts";
import { drillLine } from "../drill/sinks/json.ts";
import { summaryOf } from "../drill/sinks/summary.ts";
import { driveVitest } from "../drill/vitest/drive.ts";
import { exitCode } from "../exit-codes.ts";
import { loadProject } from "../project.ts";
import type { DrillCommandFlags } from "./commands/drill.ts";
import { answerOf } from "./drill-answer.ts";
import { runOptions } from "./drill-flags.ts";
import { onInterrupt } from "./interrupt.ts";

const out = (text: string): void => void process.stdout.write(`${text}\n`);
const err = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs drills as tests of vitest. @returns the exit code */
export async function drill(names: readonly string[], flags: DrillCommandFlags): Promise<number> {
  const project = await loadProject(process.cwd());
  const files = await chooseDrills(project, names);
  const log = flags.json ? err : out;
  using interrupt = onInterrupt(() => err("Interrupted: the machines are removed. Once more leaves them as they are."));
  const results: DrillResult[] = [];
  const broken: string[] = [];
  await driveVitest({
    files: files.map(({ file }) => file),
    options: runOptions(flags, project, interrupt.signal),
    ...(flags.shard && { shard: flags.shard }),
    ...(flags.junit && { junit: flags.junit }),
    onLine: log,
    onResult: (result) => {
      results.push(result);
      out(flags.json ? JSON.stringify(drillLine(result)) : `\n${summaryOf(result)}`);
    },
    onBroken: (file, why) => {
      broken.push(file);
      err(`${relative(project.root, file)}: ${why}`);
    },
  });
  return broken.length > 0 && !interrupt.signal.aborted ? exitCode.usage : answerOf(results, interrupt.signal);
}
