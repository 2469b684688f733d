import fc from "fast-check";
import { expect, test } from "vitest";
import { shardOf } from "../../../runner/drill/shard.ts";

test("the shards of a list hold each of its items once, and differ by one at most", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (items, parts) => {
      const shards = Array.from({ length: parts }, (_, index) => shardOf(items, `${index + 1}/${parts}`));
      expect(shards.flat().sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      const sizes = shards.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test.each(["", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2"])("refuses %j with the form", (shard) => {
  expect(() => shardOf([1], shard)).toThrow(/DB4007.*\n.*1\/3/u);
});
