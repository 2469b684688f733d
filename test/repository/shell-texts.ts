import { compileAll } from "../../dsl/compile/compile.ts";
import type { Drill } from "../../dsl/index.ts";
import { commandsOf } from "../../dsl/plan/commands.ts";
import type { Command, Plan } from "../../dsl/plan/plan.ts";
import { walk } from "../../dsl/plan/walk.ts";
import { loadProject } from "../../runner/project.ts";
import { isShell, root, type SourceFile } from "./files.ts";

/** A text that some shell will run. */
export interface ShellText {
  /** Where it is from, for a person. */
  readonly from: string;
  readonly text: string;
  /** Variables that are delivered beside it. */
  readonly given: readonly string[];
}

/** The shell scripts among the repository's files, and the commands of every runbook and every disaster. */
export async function shellTexts(files: readonly SourceFile[]): Promise<readonly ShellText[]> {
  const project = await loadProject(root);
  const [runbooks, drills] = await Promise.all([project.runbooks(), project.drills()]);
  const compilations = await compileAll(
    runbooks.map(({ file }) => file),
    { root },
  );
  const modules = await Promise.all(drills.map(({ file }) => import(file) as Promise<{ readonly default: Drill }>));
  return [
    ...files.filter(isShell).map(({ path, text }) => ({ from: path, text, given: [] })),
    // A runbook that does not compile is for `drillbook compile --check` to report.
    ...compilations.flatMap((each) => (each.ok ? commandsOfPlan(each.plan) : [])),
    ...modules.flatMap(({ default: drill }) => commandsOfDisaster(drill)),
  ];
}

function commandsOfPlan(plan: Plan): readonly ShellText[] {
  return [...walk(plan.steps)].flatMap((step) =>
    commandsOf(step).map(({ role, command }) => shellText(`${plan.id}, ${step.id}, ${role}`, command)),
  );
}

function commandsOfDisaster({ options: { disaster } }: Drill): readonly ShellText[] {
  return disaster.blows.flatMap((blow) =>
    blow.blow === "run" ? [shellText(`disaster ${disaster.id}`, blow.run)] : [],
  );
}

function shellText(from: string, { text, vars }: Command): ShellText {
  return { from, text: `${text}\n`, given: Object.keys(vars) };
}
