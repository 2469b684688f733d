import { expect, test } from "vitest";
import type { Record } from "../../../runner/journal/record.ts";
import { whyItStopped } from "../../../runner/drill/stopped.ts";

const refusal = (detail: string): Record => ({
  v: 1,
  seq: 1,
  prev: "",
  at: "2026-11-22T23:32:00.000Z",
  run: "r",
  type: "guard",
  step: "load",
  data: { title: "there is room", answer: "no", detail },
});
const why = (detail: string): string =>
  whyItStopped(
    { code: 3, stdout: "", stderr: "", seconds: 1 },
    [refusal(detail)],
    new Map([["load", "Load the dump"]]),
  );

test("a guard that said nothing is told without a colon behind it", () => {
  expect(why("")).toBe('"Load the dump" was refused: "there is room" says no');
  expect(why("12 KiB are free")).toBe('"Load the dump" was refused: "there is room" says no: 12 KiB are free');
});
