import type { Drill } from "../../dsl/drill.ts";
import type { Project } from "../project.ts";
import { DrillError } from "./errors.ts";
import { readEvidence } from "./evidence/store.ts";
import type { Descriptor, Statement } from "./evidence/statement.ts";
import { configurationOf } from "./inputs.ts";
import { compileKit } from "./kit.ts";
import type { Subject } from "./result.ts";

/** Whether the last evidence of a drill still holds, and why. */
export interface Standing {
  readonly holds: boolean;
  readonly why: string;
  readonly evidence?: Statement;
}

/**
 * Compares what a drill would run now with what its last evidence is bound to: scripts, runtime, plans, its own
 * declaration, and the sources of its world. Pages, tests and comments are none of it.
 */
export async function standingOf(drill: Drill, project: Project): Promise<Standing> {
  let evidence: Statement | undefined;
  try {
    evidence = await readEvidence(project.root, drill.id);
    if (!evidence) return { holds: false, why: "there is no evidence of it" };
    const { verdict, startedAt } = evidence.predicate.drill;
    if (verdict !== "passed") return { holds: false, why: `its last verdict is ${verdict}`, evidence };
    const changed = await changedSince(evidence, drill, project);
    return changed.length > 0
      ? { holds: false, why: `since its evidence was made there is another ${changed.join(", ")}`, evidence }
      : { holds: true, why: `what it would run is what passed at ${startedAt}`, evidence };
  } catch (error) {
    // Evidence that is none, or a runbook that does not compile.
    if (!(error instanceof DrillError)) throw error;
    return { holds: false, why: error.why, ...(evidence && { evidence }) };
  }
}

async function changedSince(evidence: Statement, drill: Drill, project: Project): Promise<readonly string[]> {
  await using kit = await compileKit(drill, { project });
  const now = [...kit.subjects, ...(await configurationOf(drill, project))];
  return now.filter(isNotAmong([...evidence.subject, ...evidence.predicate.configuration])).map(({ name }) => name);
}

const isNotAmong =
  (before: readonly Descriptor[]) =>
  ({ name, sha256 }: Subject): boolean =>
    !before.some((each) => each.name === name && each.digest.sha256 === sha256);
