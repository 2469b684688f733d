import type { Compiled } from "../../../dsl/compile/compiled.ts";
import type { Kit } from "../../build/kit.ts";
import type { Project, ProjectFile } from "../../project.ts";
import { kitFolder } from "./outputs.ts";
import { tellDiagnostics } from "./tell-diagnostics.ts";

/** A kit of some of a project's runbooks, and these compiled, in the order that they were asked for. */
export interface ProjectKit {
  readonly kit: Kit;
  readonly compiled: readonly Compiled[];
}

/** Compiles runbooks into the project's kit. Where one of them is refused it says why, and gives nothing. */
export async function kitOf(project: Project, runbooks: readonly ProjectFile[]): Promise<ProjectKit | undefined> {
  const [{ compileAll }, { buildRuntime }, { writeKit }] = await Promise.all([
    import("../../../dsl/compile/compile.ts"),
    import("../../build/runtime.ts"),
    import("../../build/kit.ts"),
  ]);
  const compilations = await compileAll(
    runbooks.map(({ file }) => file),
    { root: project.root },
  );
  const compiled = compilations.filter((each) => each.ok);
  if (compiled.length < compilations.length) {
    await tellDiagnostics(compilations, project.root);
    return undefined;
  }
  return { kit: await writeKit(kitFolder(project.root), compiled, await buildRuntime()), compiled };
}
