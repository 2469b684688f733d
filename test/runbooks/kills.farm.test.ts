import { describe, expect, test } from "vitest";
import { courseOf, everyMoment, killAndResume, type Recovery } from "../support/kills.ts";
import { drillFarm } from "../support/drill-farm.ts";
import lostKojiDatabase from "../../runbooks/koji/lost-koji-database.drill.ts";
import lostDataDirectory from "../../runbooks/postgres/lost-data-directory.drill.ts";
import lostMinutes from "../../runbooks/postgres/lost-minutes.drill.ts";

/** Which part of the moments, `1/4`; without it, a few that are spread over the whole course. */
const shard = /^(\d+)\/(\d+)$/u.exec(process.env["DRILLBOOK_SHARD"] ?? "");
const few = 3;

const recoveries: readonly Recovery[] = [
  { drill: lostDataDirectory, script: "recover-postgres.mjs" },
  { drill: lostMinutes, script: "recover-to-moment.mjs" },
  { drill: lostKojiDatabase, script: "recover-database.mjs" },
];

/**
 * Every boundary between two steps of every recovery, and the middle of every change: there the runner is killed, and
 * resumed. All of them: `DRILLBOOK_SHARD=1/1 npm run test:farm -- kills`.
 */
describe.each(recoveries)("$script", (recovery) => {
  test("ends as if nothing had happened, wherever its runner is killed", { timeout: 0 }, async () => {
    await using farm = await drillFarm(recovery.drill);
    const moments = everyMoment(await courseOf(farm, recovery));
    const [, index = 1, of = Math.ceil(moments.length / few)] = shard?.map(Number) ?? [];
    const chosen = moments.filter((_, at) => at % of === index - 1);
    expect(chosen.length).toBeGreaterThan(0);
    for (const [at, moment] of chosen.entries()) {
      console.log(`${at + 1} of ${chosen.length}: ${moment.title}`);
      await killAndResume(farm, recovery, moment);
    }
  });
});
