import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Compiled } from "../../../dsl/compile/compiled.ts";
import { rehearsalFileName, type Rehearsal, type RehearsalFile } from "../../../dsl/plan/rehearsal.ts";
import type { Plan } from "../../../dsl/plan/plan.ts";
import type { Statement } from "../../drill/evidence/statement.ts";

/** What evidence shows of a runbook, newest first. */
export function rehearsalsOf(statements: readonly Statement[], plan: Plan, planSha256: string): readonly Rehearsal[] {
  return statements
    .filter(({ subject }) => subject.some(({ name }) => name === planName(plan)))
    .map((statement) => rehearsal(statement, plan, planSha256))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

function rehearsal({ subject, predicate: { drill } }: Statement, plan: Plan, planSha256: string): Rehearsal {
  const { measured, objective } = drill;
  const digest = (is: (name: string) => boolean): string => subject.find(({ name }) => is(name))?.digest.sha256 ?? "";
  const tools = drill.tools?.[plan.id];
  return {
    drill: drill.drill,
    verdict: drill.verdict,
    at: drill.startedAt,
    stepSeconds: drill.stepSeconds[plan.id] ?? {},
    samePlan: digest((name) => name === planName(plan)) === planSha256,
    script: digest((name) => name === `${plan.id}.mjs`),
    runtime: digest((name) => name.startsWith("drillbook-runtime-")),
    ...(tools && { tools }),
    as: drill.recovery === plan.id ? "recovery" : "backup",
    ...(measured && { rtaSeconds: measured.rtaSeconds }),
    ...(measured?.rpaSeconds !== undefined && { rpaSeconds: measured.rpaSeconds }),
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

const committed = join("docs", "evidence");
const local = join(".drillbook", "evidence");

/** The evidence that a project has committed. @throws DrillError when a file is no evidence */
export async function committedEvidence(root: string): Promise<readonly Statement[]> {
  return await Promise.all((await filesIn(root, committed)).map((file) => statementIn(root, file)));
}

/**
 * Writes beside the scripts of a kit what drills have shown of them: those whose evidence was committed, and those of
 * this machine. What cannot be read is told and left out: it must not keep a recovery from being run. Gives what was
 * written, by runbook.
 */
export async function writeRehearsals(
  kit: string,
  root: string,
  compiled: readonly Compiled[],
): Promise<ReadonlyMap<string, readonly Rehearsal[]>> {
  const written = new Map<string, readonly Rehearsal[]>();
  const files = [...(await filesIn(root, committed)), ...(await filesIn(root, local))];
  const read = await Promise.all(
    files.map((file) =>
      statementIn(root, file).catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        return undefined;
      }),
    ),
  );
  const statements = read.filter((each) => each !== undefined);
  for (const { plan, planSha256 } of compiled) {
    const all = rehearsalsOf(statements, plan, planSha256);
    // Evidence that was committed where it was made stands in both folders.
    const rehearsals = [...new Map(all.map((each) => [`${each.drill} ${each.at}`, each])).values()];
    const file: RehearsalFile = { v: 1, runbook: plan.id, rehearsals };
    await writeFile(join(kit, rehearsalFileName(plan.id)), `${JSON.stringify(file, undefined, 2)}\n`);
    written.set(plan.id, rehearsals);
  }
  return written;
}

async function filesIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder)).catch(() => []);
  return entries
    .filter((entry) => entry.endsWith(".json"))
    .sort()
    .map((entry) => join(folder, entry));
}

async function statementIn(root: string, file: string): Promise<Statement> {
  const { parseStatement } = await import("../../drill/evidence/validate.ts");
  return parseStatement(await readFile(join(root, file), "utf8"), file);
}
