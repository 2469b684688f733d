import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeKit } from "./kit.ts";
import { sweep } from "./sweep.ts";

// No page that was not synced is lost here: the disk need not be waited for.
const memory = "/dev/shm";
const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** So many are asked for, or as many as there is time for in a minute. */
const asked = process.env["DRILLBOOK_CRASHES"];
const kills = Number(asked ?? 500);
const atLeast = asked === undefined ? 20 : kills;
const seed = Number(process.env["DRILLBOOK_SEED"] ?? 1);
const [shard = 1, shards = 1] = (process.env["DRILLBOOK_SHARD"] ?? "1/1").split("/").map(Number);

test(
  `${asked ?? "a minute of"} kills, each at a point of the runner's or the supervisor's, leave what a run leaves that nobody killed`,
  async () => {
    const kit = await makeKit(join(folder, "kit"));
    const tally = await sweep(kit, folder, {
      kills,
      atLeast,
      seconds: 60,
      seed,
      shard: shard - 1,
      shards,
      seats: 3 * availableParallelism(),
    });
    const { points, runs, resumes, kinds, differences } = tally;
    console.log(
      `seed ${seed}, shard ${shard}/${shards}: ${points.runner} points of the runner, ${points.supervisor} of the supervisor; ` +
        `${runs} runs, ${tally.kills} kills, first ones at ${kinds.size} kinds of points, ${resumes} resumes, ` +
        `${differences.length} differences`,
    );
    expect(differences).toEqual([]);
    expect(tally.kills).toBeGreaterThanOrEqual(atLeast);
  },
  Math.max(600_000, kills * 5000),
);
