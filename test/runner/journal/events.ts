import fc from "fast-check";
import { describe as described } from "../../../runner/journal/output.ts";
import type { Event } from "../../../runner/journal/record.ts";

const operator = { user: "olga", host: "laptop", pid: 4711 };

export const begin: Event = {
  type: "begin",
  data: {
    runbook: "recover-postgres",
    script: "a".repeat(64),
    runtime: "b".repeat(64),
    plan: "c".repeat(64),
    params: { server: "db1" },
    pins: { db1: { role: "database-server", hostKeys: ["ssh-ed25519 AAAA"] } },
    operator,
  },
};

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\n", "\u2028", "\\", '"', ',"sum":"', "\u0000"),
);
const step = fc.constantFrom("stop", "fetch", "load[a]", "load[b]", "switch");
const output = text.map((said) => ({ stdout: described(Buffer.from(said)), stderr: described(new Uint8Array()) }));
const status = fc.integer({ min: 1, max: 255 });

/** Any event that can follow the beginning of a run. */
export const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constant<Event>({ type: "resume", data: { operator } }),
  fc.record({ host: text, machineId: text }).map(({ host, machineId }): Event => ({
    type: "host",
    data: { host, hello: { hostname: host, machineId, bootId: machineId } },
  })),
  fc
    .tuple(step, output, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text)))
    .map(([step, output, value]): Event => ({ type: "read", step, data: { ...output, value } })),
  fc
    .tuple(step, fc.nat(9))
    .map(([step, attempt]): Event => ({ type: "intent", step, data: { host: "db1", token: `${step}.${attempt}` } })),
  fc
    .tuple(step, output)
    .map(([step, output]): Event => ({ type: "done", step, data: { ...output, how: "ran", seconds: 1.5 } })),
  fc
    .tuple(step, output, status)
    .map(([step, output, status]): Event => ({ type: "failed", step, data: { ...output, what: "run", status } })),
  fc.tuple(step, text).map(([step, why]): Event => ({ type: "unknown", step, data: { what: "run", why } })),
  fc
    .tuple(step, text)
    .map(([step, title]): Event => ({ type: "guard", step, data: { title, answer: "yes", detail: "" } })),
  fc.tuple(step, text, fc.constantFrom("yes", "no")).map(([step, by, answer]): Event => ({
    type: "confirm",
    step,
    data: { answer, by, how: "typed", evidence: { by } },
  })),
  fc
    .tuple(step, text)
    .map(([step, why]): Event => ({ type: "resolved", step, data: { what: "done", by: "olga", why } })),
  fc.tuple(step, text).map(([step, by]): Event => {
    const from = { script: "a".repeat(64), runtime: "b".repeat(64), plan: "c".repeat(64) };
    const difference = { added: [step], removed: [], moved: [], changed: { load: ["command"] } };
    return { type: "adopted", data: { ...from, from, params: {}, pins: {}, difference, by, how: "given" } };
  }),
  fc.constant<Event>({ type: "end", data: { verdict: "failed", exitCode: 1 } }),
);

export const events = fc.array(event, { maxLength: 12 });
