import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScalarType, TypeSpec } from "../../../dsl/plan/plan.ts";
import { captured, typed } from "../../../runner/runtime/typed.ts";
import { Held } from "../../../runner/runtime/value.ts";

const scalar = (type: ScalarType): TypeSpec => ({ type });

describe.each<readonly [ScalarType, readonly string[], readonly string[]]>([
  ["text", ["", "a\nb", " x "], ["a\0b"]],
  ["line", ["", "a b"], ["a\nb"]],
  ["path", ["/", "/a b/c"], ["", "a/b", "./a", "/a\n/b"]],
  ["name", ["a", "_x", "0019f4", "a.b-c"], ["", "-a", ".a", "a b", "ä"]],
  ["timestamp", ["2026-03-28T19:44:00Z"], ["2026-03-28", "2026-02-30T00:00:00Z", "2026-03-28T19:44:00+01:00", ""]],
  ["integer", ["0", "-7", "9007199254740991"], ["", "1.5", "1e3", "9007199254740992", "0x10", " 1"]],
  ["boolean", ["true", "false"], ["", "yes", "TRUE"]],
])("a value of type %s", (type, accepted, refused) => {
  test.each(accepted)("accepts %j", (text) => {
    expect(typed(scalar(type), text)).toHaveProperty("value");
  });
  test.each(refused)("refuses %j", (text) => {
    expect(typed(scalar(type), text)).toHaveProperty("wrong");
  });
});

test("what a command printed reaches the next one as it was, but for one trailing line break", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      fc.pre(!text.includes("\0"));
      const read = captured(scalar("text"), Buffer.from(`${text}\n`));
      expect(read).toEqual({ value: text });
      expect(Held.known("it", text).text).toBe(text);
    }),
  );
});

test("bytes that are no UTF-8, and NUL, are refused by name", () => {
  expect(captured(scalar("text"), Uint8Array.of(0x61, 0xff))).toEqual({ wrong: "it is not UTF-8" });
  expect(captured(scalar("text"), Uint8Array.of(0x61, 0))).toEqual({
    wrong: "it contains NUL, which no variable of a shell can hold",
  });
});

test("an empty output is absent where that is allowed, and an empty list is a list", () => {
  expect(captured({ type: "name", optional: true }, Buffer.from("\n"))).toEqual({ value: null });
  expect(captured({ type: "list", of: scalar("name") }, Buffer.from(""))).toEqual({ value: [] });
});

test("a list is one item a line, and the line that is wrong is named", () => {
  const names: TypeSpec = { type: "list", of: scalar("name") };
  expect(captured(names, Buffer.from("a\nb\n"))).toEqual({ value: ["a", "b"] });
  expect(captured(names, Buffer.from("a\n-b\n"))).toEqual({ wrong: expect.stringMatching(/^its line 2 is refused/u) });
});

test("a choice is one of its words", () => {
  const spec: TypeSpec = { type: "choice", of: ["full", "partial"] };
  expect(typed(spec, "full")).toEqual({ value: "full" });
  expect(typed(spec, "ful")).toEqual({ wrong: "it is not one of full, partial" });
});
