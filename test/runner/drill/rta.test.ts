import fc from "fast-check";
import { expect, test } from "vitest";
import type { Record as JournalRecord } from "../../../runner/journal/record.ts";
import { splitRta, wholeOf } from "../../../runner/drill/rta.ts";

const record = (type: string, at: number): JournalRecord =>
  ({ type, at: new Date(at).toISOString() }) as unknown as JournalRecord;

test("what stands before the first change is deciding, what follows the last is verifying", () => {
  const records = [record("read", 12_000), record("intent", 13_000), record("done", 15_000), record("intent", 16_000)];
  const split = splitRta([...records, record("done", 20_000), record("read", 21_000)], {
    struck: 10_000,
    red: 11_000,
    green: 22_000,
  });
  expect(split).toEqual({ detect: 1, decide: 2, humanWait: 0, execute: 7, verify: 2 });
});

test("a recovery that changes nothing has no time of execution", () => {
  const split = splitRta([record("read", 12_000)], { struck: 10_000, red: 11_000, green: 14_000 });
  expect(split).toMatchObject({ decide: 1, execute: 0, verify: 2 });
});

test("the parts add up to the time from the strike until the farm worked", () => {
  const instants = fc.array(fc.nat(1e6), { minLength: 5, maxLength: 5 }).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(instants, ([struck = 0, red = 0, first = 0, last = 0, green = 0]) => {
      const split = splitRta([record("intent", first), record("done", last)], { struck, red, green });
      expect(wholeOf(split)).toBeCloseTo((green - struck) / 1000, 6);
    }),
  );
});
