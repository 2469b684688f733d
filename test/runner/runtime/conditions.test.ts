import { expect, test } from "vitest";
import { conditions } from "../../../runner/runtime/condition.ts";
import { Held } from "../../../runner/runtime/value.ts";

const { and, eq, isTrue, lt, not, present } = conditions;
const given = (value: string | number | boolean | null): Held => Held.known("it", value);
const later = Held.unknown("it", "Load the dump");

test("what is known is answered", () => {
  expect(isTrue(given(true)).answer).toBe(true);
  expect(present(given(null)).answer).toBe(false);
  expect(present(given("")).answer).toBe(true);
  expect(eq(given("a"), "a").answer).toBe(true);
  expect(eq(given(1), given("1")).answer).toBe(false);
});

test("numbers are compared by size and instants by time; what is absent is before nothing", () => {
  expect(lt(given(9), 10).answer).toBe(true);
  expect(lt(given("2026-03-28T19:44:00Z"), given("2026-03-28T20:00:00Z")).answer).toBe(true);
  expect(lt(given(null), 1).answer).toBe(false);
});

test("what is not known leaves the answer open, unless the rest decides it", () => {
  expect(eq(later, "a").answer).toBeUndefined();
  expect(not(present(later)).answer).toBeUndefined();
  expect(and(eq(given(1), 1), present(later)).answer).toBeUndefined();
  expect(and(eq(given(1), 2), present(later)).answer).toBe(false);
});
