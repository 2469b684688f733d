import fc from "fast-check";
import { expect, it } from "vitest";
import { canonical } from "../../dsl/plan/canonical.ts";

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, shuffled(member)]),
  );
};

it("the order in which members were written does not show", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(shuffled(value))).toBe(canonical(value));
    }),
  );
});

it("other values have other bytes, and the bytes are the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("a member that is undefined is not there", () => {
  expect(canonical({ b: undefined, a: 1 })).toBe('{"a":1}');
});
