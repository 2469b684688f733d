import { relative } from "node:path";
import type { Compiled } from "../../../dsl/compile/compiled.ts";
import { exitCode } from "../../exit-codes.ts";
import { loadProject, type Project } from "../../project.ts";
import { sha256 } from "../../journal/line.ts";
import { loadSchedules } from "../schedule/load.ts";
import type { CompileFlags } from "./flags.ts";
import { orphanPages, stalePages, writeOutputs } from "./outputs.ts";
import { committedEvidence } from "./rehearsals.ts";
import { tellDiagnostics } from "./tell-diagnostics.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** Compiles runbooks of the project that this folder lies in. Resolves with the exit code. @throws RunError */
export async function compileProject(names: readonly string[], flags: CompileFlags): Promise<number> {
  const project = await loadProject(process.cwd());
  const files = await chosen(project, names);
  if (flags.watch) {
    const { watchProject } = await import("./watch-project.ts");
    return await watchProject(project, files, flags);
  }
  const { compileAll } = await import("../../../dsl/compile/compile.ts");
  const compilations = await compileAll(files, { root: project.root });
  const said = await tellDiagnostics(compilations, project.root);
  const compiled = compilations.filter((each) => each.ok);
  const sound = compiled.length === compilations.length;
  // A schedule that makes a backup too seldom is refused as it is loaded.
  if (names.length === 0 && sound) await loadSchedules(project, []);
  if (flags.check) {
    const all = names.length === 0 ? compiled.map(({ plan }) => plan.id) : undefined;
    const stale = await tellStale(project, compiled, sound ? all : undefined);
    return said || stale ? exitCode.failed : exitCode.success;
  }
  await writeAll(project, compiled, flags);
  return sound ? exitCode.success : exitCode.failed;
}

async function chosen(project: Project, names: readonly string[]): Promise<readonly string[]> {
  const runbooks =
    names.length > 0 ? await Promise.all(names.map((name) => project.runbook(name))) : await project.runbooks();
  return runbooks.map(({ file }) => file);
}

async function tellStale(
  project: Project,
  compiled: readonly Compiled[],
  all: readonly string[] | undefined,
): Promise<boolean> {
  const evidence = await committedEvidence(project.root);
  const stale = await stalePages(project.root, compiled, evidence);
  const orphans = all ? await orphanPages(project.root, all) : [];
  for (const page of stale) complain(`${page} is not what its runbook says now. Run: drillbook compile`);
  for (const page of orphans) complain(`${page} belongs to no runbook. Remove it.`);
  return stale.length + orphans.length > 0;
}

async function writeAll(project: Project, compiled: readonly Compiled[], flags: CompileFlags): Promise<void> {
  const { buildRuntime } = await import("../../build/runtime.ts");
  const [runtime, evidence] = await Promise.all([buildRuntime(), committedEvidence(project.root)]);
  const kit = await writeOutputs(project.root, compiled, evidence, runtime, flags.html ?? false);
  if (flags.json) {
    const entries = compiled.map((each) => ({
      id: each.plan.id,
      source: each.file,
      planSha256: each.planSha256,
      script: relative(project.root, kit.scripts.get(each.plan.id) ?? ""),
      scriptSha256: sha256(each.script(runtime)),
      runtimeSha256: runtime.sha256,
      diagnostics: each.diagnostics,
    }));
    say(JSON.stringify(entries));
  } else for (const [, script] of kit.scripts) say(relative(project.root, script));
}
