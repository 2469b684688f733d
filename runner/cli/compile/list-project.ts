import type { Compiled } from "../../../dsl/compile/compiled.ts";
import { hostWord } from "../../../dsl/plan/hosts.ts";
import type { Plan } from "../../../dsl/plan/plan.ts";
import { exitCode } from "../../exit-codes.ts";
import { sha256 } from "../../journal/line.ts";
import { loadProject } from "../../project.ts";
import { tellDiagnostics } from "./tell-diagnostics.ts";

/** One runbook in `drillbook list --json`. */
interface Listed {
  readonly id: string;
  readonly kind: Plan["kind"];
  readonly title: string;
  readonly source: string;
  /** `asset of host`, or nothing. */
  readonly recovers: string | null;
  readonly objective: Plan["objective"];
  readonly planSha256: string;
  readonly scriptSha256: string;
}

/** Lists the runbooks of the project that this folder lies in. Resolves with the exit code. @throws RunError */
export async function listProject(flags: { readonly json?: true }): Promise<number> {
  const [{ compileAll }, { titleOf }, { buildRuntime }, project] = await Promise.all([
    import("../../../dsl/compile/compile.ts"),
    import("../../../dsl/compile/emit/page/page.ts"),
    import("../../build/runtime.ts"),
    loadProject(process.cwd()),
  ]);
  const files = (await project.runbooks()).map(({ file }) => file);
  const [compilations, runtime] = await Promise.all([compileAll(files, { root: project.root }), buildRuntime()]);
  const listed = compilations
    .filter((each) => each.ok)
    .map((each): Listed => ({
      id: each.plan.id,
      kind: each.plan.kind,
      title: titleOf(each.source),
      source: each.file,
      recovers: recovered(each),
      objective: each.plan.objective,
      planSha256: each.planSha256,
      scriptSha256: sha256(each.script(runtime)),
    }));
  const text = flags.json ? JSON.stringify(listed) : table(listed);
  process.stdout.write(text === "" ? "" : `${text}\n`);
  const refused = compilations.filter((each) => !each.ok);
  await tellDiagnostics(refused, project.root);
  return refused.length > 0 ? exitCode.failed : exitCode.success;
}

function recovered({ plan: { recovers } }: Compiled): string | null {
  if (!recovers) return null;
  const { of, asset } = recovers;
  return `${hostWord(of)}.${asset}`;
}

function table(listed: readonly Listed[]): string {
  const width = Math.max(0, ...listed.map(({ id }) => id.length));
  return listed.map(({ id, kind, title }) => `${id.padEnd(width)}  ${kind.padEnd(8)}  ${title}`).join("\n");
}
