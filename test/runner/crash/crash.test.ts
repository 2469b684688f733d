import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { toldChain } from "./chain.ts";
import { makeKit } from "./kit.ts";
import { sweep } from "./sweep.ts";

// No page that was not synced is lost here: the disk need not be waited for.
const memory = "/dev/shm";
const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kills = Number(process.env["DRILLBOOK_CRASHES"] ?? 500);
const seed = Number(process.env["DRILLBOOK_SEED"] ?? 1);
const [shard = 1, shards = 1] = (process.env["DRILLBOOK_SHARD"] ?? "1/1").split("/").map(Number);
/** A file with what a report tells behind `replay:`. */
const replay = process.env["DRILLBOOK_CHAIN"];

test(
  `${kills} kills, each at a point of the runner's or the supervisor's, leave what a run leaves that nobody killed`,
  async () => {
    const kit = await makeKit(join(folder, "kit"));
    const tally = await sweep(kit, folder, {
      kills,
      seed,
      shard: shard - 1,
      shards,
      seats: 3 * availableParallelism(),
      ...(replay !== undefined && { only: toldChain(readFileSync(replay, "utf8")) }),
    });
    const { points, runs, resumes, wanted, first, differences } = tally;
    console.log(
      `seed ${seed}, shard ${shard}/${shards}: ${points.runner} points of the runner, ${points.supervisor} of the supervisor; ` +
        `${tally.kills} kills in ${runs} runs, ${resumes} resumes; ` +
        `${first.size} points were the first of a run${wanted > 0 ? `, of ${wanted} wanted` : ""}; ` +
        `${differences.length} differences`,
    );
    expect(differences).toEqual([]);
    expect(tally.kills).toBeGreaterThanOrEqual(replay === undefined ? kills : 1);
  },
  Math.max(600_000, kills * 5000),
);
