import type { Plan } from "../../../dsl/plan/plan.ts";
import { walk } from "../../../dsl/plan/walk.ts";
import type { Planned } from "../../report/plan-sink.ts";
import { exitCode } from "../../exit-codes.ts";
import { planOf } from "../script-plan.ts";
import type { Call } from "./calls.ts";
import type { Finding } from "./findings.ts";

/** Lets the runbook's own script plan, and reads from that what would stop it: the same bytes that would run. */
export async function askPlan(
  plan: Plan,
  script: string,
  binding: string,
  { params }: Call,
): Promise<readonly Finding[]> {
  const { code, lines, stderr } = await planOf(script, binding, params);
  const reads: Finding =
    code === exitCode.success
      ? { kind: "reads", state: "ok", what: `${lines.filter(isKnown).length} of its reads could be made today` }
      : { kind: "reads", state: code === exitCode.unknown ? "unknown" : "stops", what: stderr.trim() };
  return [reads, ...lines.flatMap(guards), ...ages(plan, lines)];
}

function isKnown(line: Planned): boolean {
  return line.planned === "read" && "value" in line.gives;
}

function guards(line: Planned): readonly Finding[] {
  if (line.planned !== "change") return [];
  return (line.held ?? []).map(({ title, answer, detail }) => ({
    kind: "guard",
    state: answer === "yes" ? "ok" : answer === "no" ? "stops" : "unknown",
    host: line.host,
    what: `${title}, before "${line.title}"${detail ? `: ${detail}` : ""}`,
  }));
}

/** How old the newest data is that a backup holds, against what may be lost. */
function ages(plan: Plan, lines: readonly Planned[]): readonly Finding[] {
  const { rpoSeconds } = plan.objective;
  const marked = new Set(
    [...walk(plan.steps)].flatMap((step) => (step.kind === "read" && step.newest ? [step.id] : [])),
  );
  return lines.flatMap((line): readonly Finding[] => {
    if (line.planned !== "read" || !marked.has(line.id) || !("value" in line.gives)) return [];
    const text = String(line.gives.value);
    const seconds = (Date.now() - Date.parse(text)) / 1000;
    const common = { kind: "age", host: line.host } as const;
    if (Number.isNaN(seconds)) return [{ ...common, state: "unknown", what: `${JSON.stringify(text)} is no moment` }];
    const hours = `${(seconds / 3600).toFixed(1)} h old, and ${(rpoSeconds / 3600).toFixed(1)} h may be lost`;
    return [
      { ...common, state: seconds > rpoSeconds ? "stops" : "ok", what: `the newest data of the backup is ${hours}` },
    ];
  });
}
