import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chooseDrills, loadDrill } from "../../runner/drill/load.ts";
import { loadProject } from "../../runner/project.ts";
import { drillFarm } from "../support/drill-farm.ts";
import { courseOf, everyMoment, killAndResume } from "../support/kills.ts";

/** Which part of the moments, `1/4`; without it, a few that are spread over the whole course. */
const shard = /^(\d+)\/(\d+)$/u.exec(process.env["DRILLBOOK_SHARD"] ?? "");
const few = 3;

const project = await loadProject(fileURLToPath(new URL("../..", import.meta.url)));
const all = await Promise.all((await chooseDrills(project, [])).map(loadDrill));
const byRecovery = new Map(all.map((drill) => [drill.options.recovery.runbook.plan.id, drill]));
/** A drill of each recovery. */
const drills = [...byRecovery].map(([recovery, drill]) => ({ recovery, drill }));

/**
 * Every boundary between two steps of every recovery, and the middle of every change: there the runner is killed, and
 * resumed. All of them: `DRILLBOOK_SHARD=1/1 npm run test:farm -- kills`.
 */
describe.each(drills)("$recovery", ({ drill, recovery }) => {
  test("ends as if nothing had happened, wherever its runner is killed", { timeout: 0 }, async () => {
    await using farm = await drillFarm(drill);
    const moments = everyMoment(await courseOf(farm, drill));
    const [, index = 1, of = Math.ceil(moments.length / few)] = shard?.map(Number) ?? [];
    const chosen = moments.filter((_, at) => at % of === index - 1);
    expect(chosen.length).toBeGreaterThan(0);
    for (const [at, moment] of chosen.entries()) {
      console.log(`${recovery}, ${at + 1} of ${chosen.length}: ${moment.title}`);
      await killAndResume(farm, drill, moment);
    }
  });
});
