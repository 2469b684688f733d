import { plansOf } from "../../plans.ts";
import { loadProject } from "../../project.ts";
import { standingOf } from "../affected.ts";
import { coverageOf, type Cell, type Coverage } from "../coverage.ts";
import { loadDrill } from "../load.ts";
import { showSeconds } from "../show.ts";

/** Prints which disasters of which assets have been recovered from, and what has not been shown. */
export async function coverage({ json }: { readonly json?: true }): Promise<void> {
  const project = await loadProject(process.cwd());
  const drills = [];
  for (const file of await project.drills()) {
    const drill = await loadDrill(file);
    drills.push({ drill, standing: await standingOf(drill, project) });
  }
  const found = coverageOf(drills, await plansOf(project));
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : table(found));
}

function table({ cells, gaps }: Coverage): string {
  const lines = [
    ...cells.map((cell) => `${cell.asset}  ${cell.disaster}  ${cell.verdict ?? "no evidence"}${measures(cell)}`),
    ...gaps.map(({ asset, disaster, why }) => `gap: ${asset}${disaster ? `, ${disaster}` : ""}: ${why}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function measures({ rtaSeconds, rpaSeconds }: Cell): string {
  if (rtaSeconds === null) return "";
  return `  RTA ${showSeconds(rtaSeconds)}, RPA ${rpaSeconds === null ? "not counted" : showSeconds(rpaSeconds)}`;
}
