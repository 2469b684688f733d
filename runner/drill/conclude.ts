import type { Drill } from "../../dsl/drill.ts";
import type { Course } from "./course.ts";
import { writeEvidence } from "./evidence/store.ts";
import type { Findings } from "./findings.ts";
import { judgeObjective } from "./objective.ts";
import { demonstrationOf, type RunOptions } from "./options.ts";
import { overall, type DrillResult, type Subject } from "./result.ts";

/**
 * The result of a drill, from its verdicts and findings. Its evidence is written, unless it was interrupted: then what
 * was shown before still stands.
 */
export async function conclude(
  drill: Drill,
  options: RunOptions,
  { verdicts, reasons, interrupted }: Course,
  findings: Findings,
): Promise<DrillResult> {
  const { disaster, recovery, productionBytes } = drill.options;
  const { began, measured, kept, automated, stepSeconds, tools } = findings;
  const result: DrillResult = {
    drill: drill.id,
    verdict: overall(verdicts),
    parts: verdicts,
    reasons,
    disaster: { id: disaster.id, title: disaster.title },
    recovery: recovery.runbook.plan.id,
    demonstration: demonstrationOf(options),
    automated,
    stepSeconds,
    tools,
    startedAt: began.toISOString(),
    seconds: (Date.now() - began.getTime()) / 1000,
    ...(measured && { measured }),
    objective: judgeObjective(recovery.runbook.plan.objective, measured, productionBytes),
    subjects: subjectsOf(findings),
    configuration: findings.configuration ?? [],
    ...(kept && { kept }),
  };
  const unbound = result.subjects.length === 0;
  return interrupted || unbound ? result : { ...result, evidence: await writeEvidence(options.project.root, result) };
}

function subjectsOf({ kit, images = {}, inputs }: Findings): readonly Subject[] {
  const machines = Object.entries(images).map(([host, id]) => ({ name: `image of ${host}`, sha256: digits(id) }));
  return [...(kit?.subjects ?? []), ...machines, ...(inputs ? [inputs] : [])];
}

const digits = (image: string): string => image.replace(/^sha256:/u, "");
