import { stat, watch } from "node:fs/promises";
import { join, relative } from "node:path";
import { exitCode } from "../../exit-codes.ts";
import type { Project } from "../../project.ts";
import { tellDiagnostics } from "./compile-project.ts";
import type { CompileFlags } from "./flags.ts";
import { writeOutputs } from "./outputs.ts";
import { committedEvidence } from "./rehearsals.ts";

/** Compiles runbooks now, and again whenever one of the files changes that they are made of. Ends with the process. */
export async function watchProject(project: Project, files: readonly string[], flags: CompileFlags): Promise<number> {
  const [{ Compiler }, { buildRuntime }] = await Promise.all([
    import("../../../dsl/compile/compiler.ts"),
    import("../../build/runtime.ts"),
  ]);
  await using compiler = new Compiler(project.root);
  const [runtime, evidence] = await Promise.all([buildRuntime(), committedEvidence(project.root)]);
  const madeOf = new Map<string, ReadonlySet<string>>();

  const compile = async (some: readonly string[]): Promise<void> => {
    const begun = performance.now();
    const compilations = await compiler.compile(some);
    const compiled = compilations.filter((each) => each.ok);
    await writeOutputs(project.root, compiled, evidence, runtime, flags.html ?? false);
    const milliseconds = Math.round(performance.now() - begun);
    some.forEach((file, index) => madeOf.set(file, new Set(compilations[index]?.imports)));
    await tellDiagnostics(compilations, project.root);
    const names = some.map((file) => relative(project.root, file)).join(", ");
    const refused = compilations.length - compiled.length;
    process.stdout.write(`${names}: ${refused > 0 ? `${refused} refused` : "compiled"} in ${milliseconds} ms\n`);
  };

  // Watching begins before the first compilation: what changes meanwhile is not missed.
  const changes = watch(project.folder, { recursive: true });
  await compile(files);
  const seen = new Map<string, number>();
  for await (const { filename } of changes) {
    const changed = join(project.folder, filename ?? "");
    const affected = files.filter((file) => madeOf.get(file)?.has(changed));
    const writtenAt = await lastWrite(changed);
    // One save is told of more than once; a file that is being replaced is not there for a moment.
    if (affected.length === 0 || writtenAt === undefined || seen.get(changed) === writtenAt) continue;
    seen.set(changed, writtenAt);
    await compile(affected);
  }
  return exitCode.success;
}

async function lastWrite(file: string): Promise<number | undefined> {
  return await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
