import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Call, Drill } from "../../dsl/drill.ts";
import { canonical } from "../../dsl/plan/canonical.ts";
import type { Plan } from "../../dsl/plan/plan.ts";
import { writeKit, type KitScript } from "../build/kit.ts";
import { buildRuntime, type RuntimeFile } from "../build/runtime.ts";
import { sha256 } from "../journal/line.ts";
import type { Project } from "../project.ts";
import { doesNotCompile, otherRunbook } from "./errors.ts";
import type { RunOptions } from "./options.ts";
import type { Subject } from "./result.ts";
import { planWithStep, withoutStep } from "./without.ts";

/** The scripts of a drill's runbooks with their runtime, byte for byte as they would run in production. */
export interface DrillKit extends AsyncDisposable {
  readonly folder: string;
  readonly runtime: Subject;
  /** Everything that runs, and the plans it was made of. */
  readonly subjects: readonly Subject[];
  /** A runbook of the drill by id. */
  of(id: string): KitEntry;
}

export interface KitEntry {
  readonly plan: Plan;
  /** Its file's name in the folder. */
  readonly script: Subject;
}

/**
 * Compiles every runbook that a drill needs, without the step that is to be left out, into a folder of its own.
 * @throws DrillError when one does not compile, or there is no such step
 */
export async function compileKit(
  drill: Drill,
  { project, without }: Pick<RunOptions, "project" | "without">,
): Promise<DrillKit> {
  const [compiled, runtime] = await Promise.all([compile(plansOf(drill), project), buildRuntime()]);
  const scripts = without === undefined ? compiled : await leaveOut(compiled, without);
  const folder = await mkdtemp(join(tmpdir(), "drillbook-kit-"));
  await writeKit(folder, scripts, runtime);
  return describe(folder, scripts, runtime);
}

interface Script extends KitScript {
  readonly plan: Plan;
}

function plansOf({ options }: Drill): readonly Plan[] {
  const calls: readonly Call[] = [...options.backups, options.recovery, ...options.nextCycle.backups];
  return [...new Map(calls.map(({ runbook: { plan } }) => [plan.id, plan])).values()];
}

async function compile(plans: readonly Plan[], project: Project): Promise<readonly Script[]> {
  const { compileAll, printDiagnostics } = await import("../../dsl/compile/compile.ts");
  const files = await Promise.all(plans.map(({ id }) => project.runbook(id)));
  const compilations = await compileAll(
    files.map(({ file }) => file),
    { root: project.root },
  );
  return Promise.all(
    compilations.map(async (compilation, index) => {
      if (!compilation.ok) throw doesNotCompile(await printDiagnostics(compilation.diagnostics, project.root));
      if (compilation.planBytes !== canonical(plans[index])) throw otherRunbook(compilation.plan.id, compilation.file);
      return compilation;
    }),
  );
}

async function leaveOut(scripts: readonly Script[], without: string): Promise<readonly Script[]> {
  const { emitScript } = await import("../../dsl/compile/emit/script.ts");
  const found = planWithStep(
    scripts.map(({ plan }) => plan),
    without,
  );
  const plan = withoutStep(found.plan, found.step);
  const shortened: Script = { plan, script: (runtime) => emitScript(plan, runtime) };
  return scripts.map((script) => (script.plan === found.plan ? shortened : script));
}

function describe(folder: string, scripts: readonly Script[], runtime: RuntimeFile): DrillKit {
  const entries = new Map(
    scripts.map(({ plan, script }) => {
      const entry: KitEntry = { plan, script: { name: `${plan.id}.mjs`, sha256: sha256(script(runtime)) } };
      return [plan.id, entry];
    }),
  );
  const plans = scripts.map(({ plan }) => ({ name: `plan of ${plan.id}`, sha256: sha256(canonical(plan)) }));
  const supervised = { name: runtime.fileName, sha256: runtime.sha256 };
  return {
    folder,
    runtime: supervised,
    subjects: [...[...entries.values()].map(({ script }) => script), supervised, ...plans],
    of(id) {
      const entry = entries.get(id);
      if (!entry) throw new TypeError(`${basename(folder)} holds no runbook "${id}"`);
      return entry;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
