import { expect, test } from "vitest";
import { fold } from "../../../runner/journal/fold.ts";
import type { Event, Record } from "../../../runner/journal/record.ts";
import { begin } from "./events.ts";

const records = (...events: readonly Event[]): readonly Record[] =>
  [begin, ...events].map((event, seq) => ({
    v: 1,
    seq,
    prev: "",
    at: `2026-11-22T23:32:0${seq}.000Z`,
    run: "r",
    ...event,
  }));

const intent = (token: string): Event => ({ type: "intent", step: "load", data: { host: "db1", token } });
const ended: Event = { type: "end", data: { verdict: "interrupted", exitCode: 130 } };

test("an intent without an outcome stays open", () => {
  expect(fold(records(intent("load.1"))).steps.get("load")).toMatchObject({ outcome: "intended", tokens: ["load.1"] });
});

test("an outcome closes it, and the tokens of every attempt are kept", () => {
  const unknown: Event = { type: "unknown", step: "load", data: { what: "run", why: "the connection is gone" } };
  const done: Event = { type: "done", step: "load", data: { how: "ran", seconds: 1 } };
  const { steps } = fold(records(intent("load.1"), unknown, intent("load.2"), done));
  expect(steps.get("load")).toMatchObject({ outcome: "done", tokens: ["load.1", "load.2"] });
});

test("a person's yes stays on record through what follows it", () => {
  const confirm = (answer: "yes" | "no"): Event => {
    return { type: "confirm", step: "load", data: { answer, by: "olga", how: "typed", evidence: {} } };
  };
  expect(fold(records(confirm("yes"), intent("load.1"))).steps.get("load")?.confirmed).toBe(true);
  expect(fold(records(confirm("no"))).steps.get("load")?.confirmed).toBe(false);
});

test("a run that goes on has no end, until it ends again", () => {
  const operator = { user: "ivan", host: "desk", pid: 1 };
  expect(fold(records(ended)).end).toMatchObject({ verdict: "interrupted" });
  const resumed = fold(records(ended, { type: "resume", data: { operator } }));
  expect(resumed.end).toBeUndefined();
  expect(resumed.operator).toEqual(operator);
});
