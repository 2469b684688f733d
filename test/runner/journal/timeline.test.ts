import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readJournal } from "../../../runner/journal/reader.ts";
import type { Event, Record } from "../../../runner/journal/record.ts";
import { timelineOf } from "../../../runner/journal/timeline.ts";
import { JournalWriter } from "../../../runner/journal/writer.ts";
import { styleOf } from "../../../runner/report/style.ts";
import { timelineHtml } from "../../../runner/report/timeline/html.ts";
import { timelineText } from "../../../runner/report/timeline/text.ts";
import { begin, events } from "./events.ts";

const folder = mkdtempSync(join(tmpdir(), "timeline-"));
afterAll(() => rmSync(folder, { recursive: true }));
const style = styleOf(process.stdout, { NO_COLOR: "1" });
let files = 0;

function written(some: readonly Event[], clock?: () => Date): readonly Record[] {
  files += 1;
  const path = join(folder, `${files}.jsonl`);
  const journal = JournalWriter.create(path, "2026-11-22T23-32-00Z-recover-postgres-x7k2", clock);
  for (const event of [begin, ...some]) journal.append(event);
  journal.close();
  return readJournal(path).records;
}

/** Every text of an event says this too. */
const hostile = `</title></style><script>alert(1)</script><img src=x onerror="alert(2)">'&\u001b[31m`;

function spoiled(value: unknown): unknown {
  if (typeof value === "string") return value + hostile;
  if (Array.isArray(value)) return value.map(spoiled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoiled(each)]));
}

/** The texts of machines and people, but not the words that the format itself has. */
function withHostile(event: Event): Event {
  const data = spoiled(event.data) as { [name: string]: unknown };
  for (const word of ["answer", "how", "what", "verdict"]) {
    if (word in event.data) data[word] = (event.data as unknown as { [name: string]: unknown })[word];
  }
  return { ...event, data, ...("step" in event && event.step && { step: event.step + hostile }) } as Event;
}

test("whatever a machine printed, the page has the elements that it always has, and asks for nothing", () => {
  fc.assert(
    fc.property(events, (some) => {
      const page = timelineHtml(timelineOf(written(some.map(withHostile))), "0".repeat(64), undefined);
      const elements = new Set([...page.matchAll(/<([a-zA-Z!/][^\s>]*)/gu)].map(([, name]) => name?.replace("/", "")));
      const known =
        "!doctype html head meta title style body h1 h2 dl dt dd svg desc rect text line table caption tr th td span pre";
      expect([...elements].filter((name) => !known.split(" ").includes(name ?? ""))).toEqual([]);
      expect(page.match(/<title/gu)).toHaveLength(2);
      expect(page).not.toMatch(/\bhref=|<[^>]*\bsrc=|url\(|@import/u);
      // eslint-disable-next-line no-control-regex -- what a terminal would obey
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
    }),
    { numRuns: 60 },
  );
});

test("every record shows: each step that was heard of has its row, in text and in the page", () => {
  fc.assert(
    fc.property(events, (some) => {
      const timeline = timelineOf(written(some));
      const page = timelineHtml(timeline, "", undefined);
      const text = timelineText(timeline, "", style).join("\n");
      for (const event of some) {
        if (!("step" in event) || event.step === undefined) continue;
        expect(page).toContain(`<td>${event.step}</td>`);
        expect(text).toContain(` ${event.step} `);
      }
    }),
    { numRuns: 60 },
  );
});

test("a clock that was set back makes no span shorter than nothing", () => {
  const times = ["23:00:00", "23:00:05", "21:00:00", "21:00:01"].map((time) => new Date(`2026-11-22T${time}Z`));
  const next = (): Date => times.shift() ?? new Date(0);
  const done: Event = { type: "done", step: "load", data: { how: "ran", seconds: 1 } };
  const intent: Event = { type: "intent", step: "load", data: { host: "db1", token: "load.1" } };
  const resume: Event = { type: "resume", data: { operator: { user: "o", host: "h", pid: 1 } } };
  const timeline = timelineOf(written([intent, resume, done], next));
  expect(timeline.sittings.map(({ pause }) => pause)).toEqual([undefined, 0]);
  expect(timelineText(timeline, "", style).join("\n")).toContain("21:00:00       1 s  load");
  expect(timelineHtml(timeline, "", undefined)).not.toMatch(/"-\d|NaN/u);
});
