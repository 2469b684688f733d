import { relative } from "node:path";
import type { Project } from "../../project.ts";
import { Changes } from "./changes.ts";
import type { CompileFlags } from "./flags.ts";
import { writeOutputs } from "./outputs.ts";
import { committedEvidence } from "./rehearsals.ts";
import { tellDiagnostics } from "./tell-diagnostics.ts";

/** Compiles runbooks now, and again whenever one of the files changes that they are made of. Ends with the process. */
export async function watchProject(project: Project, files: readonly string[], flags: CompileFlags): Promise<never> {
  const [{ Compiler }, { buildRuntime }] = await Promise.all([
    import("../../../dsl/compile/compiler.ts"),
    import("../../build/runtime.ts"),
  ]);
  // Watched from before the first compilation: what changes meanwhile is not missed.
  const changes = new Changes(project.folder);
  const compiler = new Compiler(project.root);
  const [runtime, evidence] = await Promise.all([buildRuntime(), committedEvidence(project.root)]);
  const madeOf = new Map<string, ReadonlySet<string>>();

  for (let some = files; ; some = affected(files, madeOf, await changes.next())) {
    if (some.length === 0) continue;
    const begun = performance.now();
    const compilations = await compiler.compile(some);
    const compiled = compilations.filter((each) => each.ok);
    await writeOutputs(project.root, compiled, evidence, runtime, flags.html ?? false);
    const milliseconds = Math.round(performance.now() - begun);
    for (const [index, file] of some.entries()) madeOf.set(file, new Set(compilations[index]?.imports));
    await tellDiagnostics(compilations, project.root);
    const names = some.map((file) => relative(project.root, file)).join(", ");
    const refused = compilations.length - compiled.length;
    process.stdout.write(`${names}: ${refused > 0 ? `${refused} refused` : "compiled"} in ${milliseconds} ms\n`);
  }
}

function affected(
  files: readonly string[],
  madeOf: ReadonlyMap<string, ReadonlySet<string>>,
  changed: readonly string[],
): readonly string[] {
  return files.filter((file) => changed.some((each) => madeOf.get(file)?.has(each)));
}
