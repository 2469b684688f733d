import { pathToFileURL } from "node:url";
import { exitCode } from "../../exit-codes.ts";
import { plansOf } from "../../plans.ts";
import { loadProject } from "../../project.ts";
import { styleOf, type Style } from "../../report/style.ts";
import { loadSchedules } from "../schedule/load.ts";
import { noInventory } from "./errors.ts";
import { backupsOf, estateOf } from "./estate.ts";
import { audited, type Audited } from "./rules.ts";

/**
 * Says which asset violates which part of the rule of 3-2-1-1-0, from inventory, runbooks, schedules and drills alone. No
 * machine is asked. Resolves with 1 where one is violated. @throws RunError
 */
export async function audit({ json }: { readonly json?: true }): Promise<number> {
  const project = await loadProject(process.cwd());
  if (project.inventory === undefined) throw noInventory();
  const exported = (await import(pathToFileURL(project.inventory).href)) as Readonly<Record<string, unknown>>;
  const estate = estateOf(Object.values(exported));
  const { loadDrill } = await import("../../drill/load.ts");
  const drills = await Promise.all((await project.drills()).map(loadDrill));
  const found = audited({
    estate,
    backups: backupsOf(await loadSchedules(project, []), estate),
    plans: await plansOf(project),
    drilled: new Set(drills.flatMap(({ options }) => options.backups.map(({ runbook }) => runbook.plan.id))),
  });
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : auditText(found, styleOf(process.stdout)));
  return found.violations.length > 0 ? exitCode.failed : exitCode.success;
}

function auditText({ violations, exempt }: Audited, style: Style): string {
  const byAsset = Map.groupBy(violations, ({ asset }) => asset);
  return [
    ...[...byAsset].flatMap(([asset, each]) => [
      style.bold(asset),
      ...each.map(({ rule, why }) => `  ${style.bad(rule.padEnd(10))}  ${why}`),
    ]),
    ...exempt.map(({ asset, why }) => `${style.bold(asset)}\n  ${style.good("exempt    ")}  ${why}`),
    "",
    violations.length > 0 ? `${violations.length} violations, of ${byAsset.size} assets` : "no violation",
    "",
  ].join("\n");
}
