import { pathToFileURL } from "node:url";
import type { Plan } from "../dsl/plan/plan.ts";
import type { Runbook } from "../dsl/runbook.ts";
import type { Project } from "./project.ts";

/** The plans of a project's runbooks, by name in order. */
export async function plansOf(project: Project): Promise<readonly Plan[]> {
  const modules = await Promise.all(
    (await project.runbooks()).map(async ({ file }) => {
      const { default: declared } = (await import(pathToFileURL(file).href)) as { readonly default?: Partial<Runbook> };
      return declared?.kind === "runbook" && declared.plan ? [declared.plan] : [];
    }),
  );
  return modules.flat();
}
