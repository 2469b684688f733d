import { expect, test } from "vitest";
import { judgeObjective } from "../../../runner/drill/objective.ts";
import type { Measured } from "../../../runner/drill/result.ts";

const hour = 3600;
const gibibyte = 1024 ** 3;
const target = { rtoSeconds: hour, rpoSeconds: 24 * hour };
const measured = (some: Partial<Measured> = {}): Measured => ({
  rtaSeconds: 60,
  split: { detect: 0, decide: 0, humanWait: 0, execute: 60, verify: 0 },
  rpaSeconds: 10,
  loss: { acknowledged: 10, lost: 1, numbers: [[10, 10]], seconds: 10 },
  scheduleSeconds: 24 * hour,
  dataBytes: gibibyte,
  ...some,
});

test("small data shows no objective to be met, however fast it was", () => {
  const { rto, rpo } = judgeObjective(target, measured(), 2 * gibibyte);
  expect(rto).toMatchObject({ shown: "not shown", why: "data 1 GiB in containers, production 2 GiB" });
  expect(rpo.shown).toBe("not shown");
});

test("an unknown size of production shows nothing either, and says so", () => {
  expect(judgeObjective(target, measured(), undefined).rto).toMatchObject({
    shown: "not shown",
    why: "data 1 GiB in containers, production size unknown",
  });
});

test("at production's size an objective that was kept is met", () => {
  const { rto, rpo } = judgeObjective(target, measured(), gibibyte);
  expect([rto.shown, rpo.shown]).toEqual(["met", "met"]);
});

test("a recovery that took longer has missed, on any data", () => {
  const { rto } = judgeObjective(target, measured({ rtaSeconds: 2 * hour }), undefined);
  expect(rto).toMatchObject({ shown: "missed", why: "recovery took 2 h of 1 h" });
});

test("a schedule that can lose more than the objective has missed, whatever this drill lost", () => {
  const { rpo } = judgeObjective({ ...target, rpoSeconds: hour }, measured(), gibibyte);
  expect(rpo).toMatchObject({ shown: "missed", why: "the schedule can lose 24 h of 1 h" });
});

test("a loss that could not be counted shows nothing of what may be lost, however much data there was", () => {
  const { rpaSeconds: _, loss: __, ...uncounted } = measured();
  const { rto, rpo } = judgeObjective(target, uncounted, gibibyte);
  expect(rto.shown).toBe("met");
  expect(rpo).toMatchObject({ shown: "not shown", why: "the drill's writes lie elsewhere" });
  expect(judgeObjective({ ...target, rpoSeconds: hour }, uncounted, gibibyte).rpo.shown).toBe("missed");
});

test("nothing measured is nothing shown", () => {
  expect(judgeObjective(target, undefined, gibibyte).rto).toMatchObject({ shown: "not shown" });
});
