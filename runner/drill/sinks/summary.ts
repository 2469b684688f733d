import type { Loss } from "../ledger.ts";
import { showRanges } from "../ranges.ts";
import { parts, type DrillResult, type Measured, type Objective } from "../result.ts";
import { showSeconds } from "../show.ts";

/**
 * The result of a drill for a person: the verdict, what was measured, where the evidence lies.
 * @param next what they may want to do now
 */
export function summaryOf(result: DrillResult, next?: string): string {
  const rows = [...verdictRows(result), ...(result.measured ? measuredRows(result.measured, result) : [])];
  rows.push(["objective", objectiveWords(result.objective)]);
  if (result.evidence) rows.push(["evidence", result.evidence]);
  for (const [host, command] of Object.entries(result.kept ?? {})) rows.push([`kept ${host}`, command]);
  if (next) rows.push(["next", next]);
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}\n`).join("");
}

type Row = readonly [label: string, text: string];

function verdictRows({ drill, verdict, parts: of, reasons, recovery, demonstration }: DrillResult): Row[] {
  const rows: Row[] = [["drill", [drill, ...demonstration].join(", ")]];
  if (verdict === "passed") rows.push(["verdict", `passed: procedure works (${recovery})`]);
  for (const part of parts) {
    const reason = reasons[part];
    if (!reason) continue;
    rows.push([part === "cleanup" ? "cleanup" : "verdict", `${of[part]}: ${reason.why}`]);
    rows.push(["", `${reason.code} ${reason.remedy}`]);
  }
  if (verdict !== "passed") rows.push(["parts", parts.map((part) => `${part} ${of[part]}`).join(", ")]);
  return rows;
}

function measuredRows(measured: Measured, { automated }: DrillResult): readonly Row[] {
  const { rtaSeconds, split, rpaSeconds, loss, scheduleSeconds } = measured;
  const { detect, decide, humanWait, execute, verify } = split;
  const rpa = rpaSeconds === undefined ? "not counted" : showSeconds(rpaSeconds);
  const machine = automated.length > 0 ? ` (automated: ${automated.join(", ")})` : "";
  return [
    ["RTA", `${showSeconds(rtaSeconds)} from the strike until the farm worked again`],
    [
      "",
      `detect ${showSeconds(detect)}, decide ${showSeconds(decide)}, human wait ${showSeconds(humanWait)}${machine},`,
    ],
    ["", `execute ${showSeconds(execute)}, verify ${showSeconds(verify)}`],
    ["RPA", `${rpa}, and by schedule as much as ${showSeconds(scheduleSeconds)}`],
    ...(loss ? lossRows(loss) : [["lost", "not counted: the drill's writes lie elsewhere"] as const]),
  ];
}

function lossRows(loss: Loss): readonly Row[] {
  const newest = loss.newestSurviving;
  return [
    ["lost", lossWords(loss)],
    [
      "",
      newest ? `newest that survived: write ${newest.number}, of ${newest.at}` : "nothing that was written survived",
    ],
  ];
}

function lossWords({ lost, acknowledged, numbers }: Loss): string {
  if (lost === 0) return `none of ${acknowledged} acknowledged writes`;
  return `${lost} of ${acknowledged} acknowledged writes: ${showRanges(numbers)}`;
}

function objectiveWords({ rto, rpo }: Objective): string {
  if (rto.shown === rpo.shown && rto.why === rpo.why) return `${rto.shown} (${rto.why})`;
  return `RTO ${rto.shown} (${rto.why}), RPO ${rpo.shown} (${rpo.why})`;
}
