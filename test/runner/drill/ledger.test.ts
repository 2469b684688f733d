import fc from "fast-check";
import { expect, test } from "vitest";
import { ledgerIsStruck, measureLoss } from "../../../runner/drill/ledger.ts";
import { showRanges, toRanges } from "../../../runner/drill/ranges.ts";
import type { LedgerEntry } from "../../../runner/drill/world.ts";

const second = 1000;
const noon = Date.parse("2026-03-28T12:00:00Z");
const entry = (number: number, seconds: number): LedgerEntry => ({
  number,
  at: new Date(noon + seconds * second).toISOString(),
});
/** One write a second, numbered by its second. */
const writes = (from: number, to: number, offset = 0): LedgerEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index, from + index + offset));

test("a disaster strikes the ledger when it takes one of the assets that it writes into, of that host", () => {
  const asset = (name: string, of = "db1") => ({ of: { host: of }, asset: name });
  const places = [asset("data"), asset("files")];
  expect(ledgerIsStruck(places, [asset("files")])).toBe(true);
  expect(ledgerIsStruck(places, [asset("keys"), asset("data")])).toBe(true);
  expect(ledgerIsStruck(places, [asset("keys")])).toBe(false);
  expect(ledgerIsStruck(places, [asset("data", "db2")])).toBe(false);
  expect(ledgerIsStruck([], [asset("data")])).toBe(false);
});

test("nothing is lost when everything that was acknowledged survived", () => {
  const all = writes(1, 10);
  expect(measureLoss([all], all)).toMatchObject({ acknowledged: 10, lost: 0, numbers: [], seconds: 0 });
});

test("the loss is counted, named and timed from the newest write before it to the last one acknowledged", () => {
  const loss = measureLoss([writes(1, 10)], writes(1, 6));
  expect(loss).toMatchObject({ lost: 4, numbers: [[7, 10]], seconds: 4, newestSurviving: { number: 6 } });
});

test("a hole among survivors counts from the hole, not from the newest survivor", () => {
  const loss = measureLoss([writes(1, 10)], [...writes(1, 3), ...writes(6, 10)]);
  expect(loss).toMatchObject({ lost: 2, numbers: [[4, 5]], seconds: 7, newestSurviving: { number: 10 } });
});

test("the time that a steady state lay frozen is none that was lost", () => {
  const day = 24 * 60 * 60;
  const loss = measureLoss([writes(1, 5), writes(6, 10, day)], writes(1, 3));
  expect(loss).toMatchObject({ lost: 7, seconds: 2 + 4 });
});

test("a write that survived and was never acknowledged is no gain", () => {
  const loss = measureLoss([writes(1, 5)], writes(1, 8));
  expect(loss).toMatchObject({ lost: 0, newestSurviving: { number: 5 } });
});

test("where nothing survived, all of the time that the ledger wrote is lost", () => {
  const loss = measureLoss([writes(1, 5)], []);
  expect(loss).toMatchObject({ lost: 5, seconds: 4 });
  expect(loss.newestSurviving).toBeUndefined();
});

test("every acknowledged number is either held or named among the lost", () => {
  const lives = fc.array(fc.array(fc.nat(300), { maxLength: 40 }), { maxLength: 3 });
  fc.assert(
    fc.property(lives, fc.array(fc.nat(300)), (numbers, held) => {
      const unique = [...new Set(numbers.flat())].sort((a, b) => a - b);
      const acknowledged = unique.map((number) => entry(number, number));
      const loss = measureLoss(
        [acknowledged],
        held.map((number) => entry(number, number)),
      );
      const named = new Set(loss.numbers.flatMap(([from, to]) => unique.filter((each) => each >= from && each <= to)));
      for (const number of unique) expect(named.has(number)).toBe(!held.includes(number));
      expect(loss.lost).toBe(named.size);
      expect(loss.seconds === 0).toBe(loss.lost === 0 || (loss.lost === 1 && unique.length === 1));
    }),
  );
});

test("more survivors never make the loss greater", () => {
  const numbers = fc.uniqueArray(fc.nat(100));
  fc.assert(
    fc.property(numbers, numbers, numbers, (all, some, more) => {
      const acknowledged = [...all].sort((a, b) => a - b).map((number) => entry(number, number));
      const of = (held: readonly number[]) =>
        measureLoss(
          [acknowledged],
          held.map((number) => entry(number, 0)),
        );
      const [fewer, greater] = [of(some), of([...some, ...more])];
      expect(greater.lost).toBeLessThanOrEqual(fewer.lost);
      expect(greater.seconds).toBeLessThanOrEqual(fewer.seconds);
    }),
  );
});

test("ranges hold exactly the numbers that they were made of", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 })), (numbers) => {
      const ranges = toRanges(numbers);
      const back = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
      expect(back).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      // Two runs that touch would be one.
      ranges.slice(1).forEach(([from], index) => expect(from).toBeGreaterThan((ranges[index]?.[1] ?? 0) + 1));
    }),
  );
});

test("ranges read as a person writes them", () => {
  expect(showRanges(toRanges([9, 1, 2, 3, 7, 8]))).toBe("1–3, 7–9");
});
