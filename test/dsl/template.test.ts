import fc from "fast-check";
import { expect, it } from "vitest";
import { dedent } from "../../dsl/dedent.ts";
import { fromRaw, toRaw } from "../../dsl/template.ts";

const texts = fc
  .array(fc.constantFrom("\\", "`", "${", "$", "{", "a", "\n", " ", "\t", "\u2028"))
  .map((pieces) => pieces.join(""));

it("every text has a raw form that means it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(fromRaw(toRaw(text))).toBe(text);
    }),
  );
});

it("a raw form has no backtick and no interpolation that JavaScript would see", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const unescaped = toRaw(text).replace(/\\[^]/gu, "x");
      expect(unescaped).not.toMatch(/`|\$\{/u);
    }),
  );
});

it("taking indentation off twice takes off no more than once", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(dedent(dedent(text))).toBe(dedent(text));
    }),
  );
});

it("blank lines have no part in the common indentation", () => {
  expect(dedent("\n    a\n\n      b\n  ")).toBe("a\n\n  b");
});
