import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rehearsal } from "../../../dsl/compile/emit/page/rehearsal.ts";
import type { Plan } from "../../../dsl/plan/plan.ts";
import type { Statement } from "../../drill/evidence/statement.ts";

/** What the committed evidence shows of a runbook, newest first. @throws DrillError when a file is no evidence */
export function rehearsalsOf(statements: readonly Statement[], plan: Plan, planSha256: string): readonly Rehearsal[] {
  return statements
    .filter(({ subject }) => subject.some(({ name }) => name === planName(plan)))
    .map((statement) => rehearsal(statement, plan, planSha256))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

function rehearsal({ subject, predicate: { drill } }: Statement, plan: Plan, planSha256: string): Rehearsal {
  const { measured, objective } = drill;
  const rehearsed = subject.find(({ name }) => name === planName(plan));
  return {
    drill: drill.drill,
    verdict: drill.verdict,
    at: drill.startedAt,
    stepSeconds: drill.stepSeconds[plan.id] ?? {},
    samePlan: rehearsed?.digest.sha256 === planSha256,
    as: drill.recovery === plan.id ? "recovery" : "backup",
    ...(measured && { rtaSeconds: measured.rtaSeconds, rpaSeconds: measured.rpaSeconds }),
    objective: { rto: words(objective.rto), rpo: words(objective.rpo) },
  };
}

function words({ shown, why }: { readonly shown: string; readonly why: string }): string {
  return `${shown} (${why})`;
}

/** How a drill names the plan among what its evidence is bound to. */
function planName({ id }: Plan): string {
  return `plan of ${id}`;
}

/** The evidence that a project has committed. */
export async function committedEvidence(root: string): Promise<readonly Statement[]> {
  const { parseStatement } = await import("../../drill/evidence/validate.ts");
  const folder = join("docs", "evidence");
  const entries = await readdir(join(root, folder)).catch(() => []);
  const files = entries.filter((entry) => entry.endsWith(".json")).sort();
  return await Promise.all(
    files.map(async (file) => parseStatement(await readFile(join(root, folder, file), "utf8"), join(folder, file))),
  );
}
