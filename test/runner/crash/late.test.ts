import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences, leftBy, type Expected } from "./differences.ts";
import { makeKit, type Kit } from "./kit.ts";
import { takeSeat, type Kill, type Point, type Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "late-"));
let kit: Kit;
let seat: Seat;
let points: readonly Point[];
let runnerPoints: readonly Point[];
let expected: Expected;
beforeAll(async () => {
  kit = await makeKit(join(folder, "kit"));
  seat = await takeSeat(kit, join(folder, "seat"));
  points = await seat.points(kit.instrumented, "supervisor");
  expected = leftBy(seat);
  seat.forget();
  runnerPoints = await seat.points(kit.instrumented, "runner");
}, 300_000);
afterAll(async () => {
  await seat[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The jobs before it are a read, a guard, a change and its postcondition. */
const noteA = 4;

/** Kills at the point of the first `once` change where its keeper executes this. */
async function killed(command: string, victim: Kill["victim"]): Promise<void> {
  seat.forget();
  const at = points.filter(({ name, what }) => name.startsWith("k") && what.startsWith(command))[noteA]?.name ?? "";
  const first = await seat.call(kit.instrumented, { of: "supervisor", at, victim });
  expect(first.at).toBeDefined();
  for (let left = 3, { code } = first; code !== 0; left -= 1) {
    expect(left).toBeGreaterThan(0);
    ({ code } = await seat.call(kit.instrumented));
  }
  await seat.settle();
  expect(differences(seat, expected)).toEqual([]);
}

// It has opened all that the command needs, and has not started it.
test(
  "a command that was given up is not started by a keeper that comes late",
  () => killed("umask 022", "late"),
  120_000,
);

test(
  "a keeper that is killed before its command is on record keeps nobody waiting",
  () => killed("_keep", "self"),
  120_000,
);

test("a keeper that is killed before its command begins keeps nobody waiting", () => killed("_open", "self"), 120_000);

test("a host that was asked for before its run ended is not taken afterwards", async () => {
  seat.forget();
  // The runner dies behind its first claim of the host, so that its resume asks for the host before all else.
  const locked = runnerPoints.findIndex(({ what }) => what.endsWith("write lock"));
  await seat.call(kit.instrumented, { of: "runner", at: runnerPoints[locked + 4]?.name ?? "", victim: "self" });
  // The resume's request has arrived and was not read: the supervisor reads its second one.
  const at = `=2 ${points.find(({ what }) => what.includes("read -r request"))?.what}`;
  const late = await seat.call(kit.instrumented, { of: "supervisor", at, victim: "late" });
  expect(late.at).toBeDefined();
  expect(await seat.call(kit.instrumented)).toMatchObject({ code: 0 });
  await seat.settle();
  expect(differences(seat, expected)).toEqual([]);
}, 120_000);
