import { relative } from "node:path";
import { standingOf } from "../affected.ts";
import { chooseDrills, loadDrill } from "../load.ts";
import type { DrillResult } from "../result.ts";
import { shardOf } from "../shard.ts";
import { drillLine } from "../sinks/json.ts";
import { summaryOf } from "../sinks/summary.ts";
import { driveVitest } from "../vitest/drive.ts";
import { exitCode } from "../../exit-codes.ts";
import { loadProject, type Project, type ProjectFile } from "../../project.ts";
import { answerOf } from "./answer.ts";
import { runOptions, type DrillCommandFlags } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";

const out = (text: string): void => void process.stdout.write(`${text}\n`);
const err = (text: string): void => void process.stderr.write(`${text}\n`);

/** Those whose last evidence no longer holds; tells why each of the others is skipped. */
async function affected(files: readonly ProjectFile[], project: Project): Promise<readonly ProjectFile[]> {
  const chosen: ProjectFile[] = [];
  for (const file of files) {
    const { holds, why } = await standingOf(await loadDrill(file), project);
    err(`${holds ? "skipped" : "affected"}: ${file.name}: ${why}`);
    if (!holds) chosen.push(file);
  }
  return chosen;
}

/** Runs drills as tests of vitest. @returns the exit code */
export async function drill(names: readonly string[], flags: DrillCommandFlags): Promise<number> {
  const project = await loadProject(process.cwd());
  const named = await chooseDrills(project, names);
  const mine = flags.shard === undefined ? named : shardOf(named, flags.shard);
  const files = flags.affected ? await affected(mine, project) : mine;
  const log = flags.json ? err : out;
  using interrupt = onInterrupt(() => err("Interrupted: the machines are removed. Once more leaves them as they are."));
  if (files.length === 0) return exitCode.success;
  const results: DrillResult[] = [];
  const broken: string[] = [];
  await driveVitest({
    files: files.map(({ file }) => file),
    options: runOptions(flags, project, interrupt.signal),
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
