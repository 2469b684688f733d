import { describe, expect, it } from "vitest";
import { path, sh } from "../../dsl/index.ts";
import { isRef, makeRef, type Ref } from "../../dsl/ref.ts";
import { codeOf } from "./declared.ts";

const ref: Ref<string> = makeRef("step:newest-set", path().spec);
// Typed as no author would write it: what tsc lets pass is refused when it happens.
const loose = ref as unknown as string;
const looser = ref as unknown as number;

describe("a reference refuses", () => {
  it.each([
    ["to become text in a template", () => `it is ${loose}`],
    ["to be joined to text", () => loose + "x"],
    ["to become text by name", () => looser.toString()],
    ["to be computed with", () => Number(loose) * 2],
    ["to be compared by size", () => loose < "x"],
    ["to become JSON", () => JSON.stringify({ loose })],
    ["to be a property's name", () => ({ [loose]: 1 })],
    ["to join a list", () => [loose].join(",")],
  ])("%s", (_, use) => expect(codeOf(use)).toBe("DB1001"));
});

it("what looks like a reference and was not made by the language is none", () => {
  expect(isRef(ref)).toBe(true);
  expect(isRef({ ...ref })).toBe(false);
  expect(codeOf(() => sh`ls ${{ ref: "step:newest-set", spec: { type: "path" } } as unknown as Ref<string>}`)).toBe(
    "DB1009",
  );
});
