import { afterAll, beforeAll, expect, test } from "vitest";
import type { Claim, Connection, LockAnswer } from "../../../runner/transport/transport.ts";
import { localSite, type Site } from "./sites.ts";

const races = Number(process.env["DRILLBOOK_RACES"] ?? 50);
const starters = 20;

let site: Site;
let connections: Connection[];
const claim = (race: number, starter: number): Claim => ({
  run: `race-${race}-${starter}`,
  who: `operator-${starter}@desk-${starter}`,
  since: `2026-03-28T19:44:${String(starter).padStart(2, "0")}Z`,
  runbook: "recover-postgres",
});
beforeAll(async () => {
  site = localSite("dash");
  connections = await Promise.all(Array.from({ length: starters }, () => site.connect()));
});
afterAll(() => site[Symbol.asyncDispose]());

/** All ask at once. Gives the one who got it, and what each was answered. */
async function race(claims: readonly Claim[]): Promise<{ winner: number; answers: readonly LockAnswer[] }> {
  const answers = await Promise.all(connections.map((each, index) => each.lock(claims[index] as Claim)));
  const winners = answers.flatMap(({ locked }, index) => (locked ? [index] : []));
  expect(winners).toHaveLength(1);
  return { winner: winners[0] as number, answers };
}

const numbers = Array.from({ length: starters }, (_, index) => index);

test(
  `${races} races of ${starters} starters have one winner each, and the others hear who it is`,
  async () => {
    for (let number = 0; number < races; number += 1) {
      const claims = numbers.map((starter) => claim(number, starter));
      const { winner, answers } = await race(claims);
      for (const answer of answers) {
        if (!answer.locked) expect(answer).toEqual({ locked: false, alive: true, holder: claims[winner] });
      }
      await connections[winner]?.unlock(claims[winner]?.run ?? "");
    }
  },
  Math.max(300_000, races * 1000),
);

test("a claim that was left behind is never taken for a live one, and one of those who set it aside wins", async () => {
  for (let number = 0; number < 5; number += 1) {
    const left = claim(1000 + number, 0);
    const gone = await site.connect();
    expect(await gone.lock(left)).toEqual({ locked: true });
    await gone[Symbol.asyncDispose]();
    const claims = numbers.map((starter) => claim(2000 + number, starter));
    const told = await Promise.all(connections.map((each, index) => each.lock(claims[index] as Claim)));
    expect(told).toEqual(numbers.map(() => ({ locked: false, alive: false, holder: left })));
    // Each decides that it is abandoned: one may, and whoever comes after that winner hears of it.
    await Promise.allSettled(connections.map((each) => each.unlock(left.run)));
    const { winner } = await race(claims);
    await connections[winner]?.unlock(claims[winner]?.run ?? "");
  }
});
