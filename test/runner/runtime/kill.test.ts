import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { items, marked, marks } from "./marks.ts";
import { startRig } from "./rig.ts";

const rig = await startRig();
afterAll(() => rig[Symbol.asyncDispose]());

const kills = 20;

test(`a runner killed ${kills} times at random moments and resumed ends with every step done once`, async () => {
  const script = rig.script(marks);
  // A run may come to its end before it was killed so often: then there is another.
  for (let killed = 0; killed < kills;) killed += await killOne(script, kills - killed);
}, 180_000);

/** Kills a run, and resumes it, until it is complete. Gives how often it was killed: so often at most. */
async function killOne(script: string, most: number): Promise<number> {
  const folder = mkdtempSync(join(rig.work, "marks-"));
  const earlier = rig.runs().length;
  const call = (): ReturnType<typeof rig.start> =>
    rig.runs().length > earlier ? rig.start(script, "--resume") : rig.start(script, "--folder", folder);
  const moments: number[] = [];
  let running = call();
  while (moments.length < most) {
    const { child, ended, said } = running;
    await eventually(() => / by .+@/u.test(said()) || child.exitCode !== null);
    // While it connects, in the middle of steps, and between them.
    const moment = Math.random() * 900;
    await Promise.race([pause(moment), ended]);
    if (child.exitCode !== null) break;
    child.kill("SIGKILL");
    await ended;
    moments.push(Math.round(moment));
    running = call();
  }
  const last = await running.ended;
  const seen = `killed after ${moments.join(", ")} ms: ${last.all}`;
  expect(last.code, seen).toBe(0);
  for (const effect of ["once", "idempotent"]) expect(marked(folder, effect), seen).toEqual(marked.completely);
  const records = rig.records();
  const done = records.flatMap((record) => (record.type === "done" ? [record.step] : []));
  expect(done, seen).toHaveLength(2 * items);
  expect(new Set(done).size).toBe(2 * items);
  // Every kill hit a runner that had begun its work, and each was resumed.
  expect(records.filter(({ type }) => type === "resume")).toHaveLength(moments.length);
  return moments.length;
}
