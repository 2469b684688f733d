import { mkdtempSync } from "node:fs";
import { once } from "node:events";
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
  const folder = mkdtempSync(join(rig.work, "marks-"));
  const script = rig.script(marks);
  const moments: number[] = [];
  const begun = (): boolean => rig.runs().length > 0;
  const call = (): ReturnType<typeof rig.start> =>
    begun() ? rig.start(script, "--resume") : rig.start(script, "--folder", folder);
  while (moments.length < kills) {
    const { child, ended, said } = call();
    await eventually(() => / by .+@/u.test(said()) || child.exitCode !== null);
    // While it connects, in the middle of steps, and between them.
    const moment = Math.random() * 900;
    await Promise.race([pause(moment), once(child, "exit")]);
    if (child.exitCode !== null) break;
    child.kill("SIGKILL");
    await ended;
    moments.push(Math.round(moment));
  }
  expect(moments).toHaveLength(kills);
  const last = await call().ended;
  const seen = `killed after ${moments.join(", ")} ms: ${last.all}`;
  expect(last.code, seen).toBe(0);
  for (const effect of ["once", "idempotent"]) expect(marked(folder, effect), seen).toEqual(marked.completely);
  const records = rig.records();
  const done = records.flatMap((record) => (record.type === "done" ? [record.step] : []));
  expect(done, seen).toHaveLength(2 * items);
  expect(new Set(done).size).toBe(2 * items);
  // Every kill hit a runner that had begun its work, and each was resumed.
  expect(records.filter(({ type }) => type === "resume")).toHaveLength(kills);
}, 180_000);
