import type { Entry, Sitting, Timeline } from "../../journal/timeline.ts";
import { ending } from "../record-words.ts";
import { harmless, oneLine, type Style } from "../style.ts";
import { span } from "../words.ts";
import { entryWords, headingFacts } from "./told.ts";

/** A timeline in lines, by the clock (UTC): what was done, how long it took, and the pauses between sittings. */
export function timelineText(timeline: Timeline, head: string, style: Style): readonly string[] {
  const width = Math.max(4, ...timeline.sittings.flatMap(({ entries }) => entries.map(({ step = "" }) => step.length)));
  const steps = Math.min(width, 32);
  const facts = headingFacts(timeline, head).map(([name, text]) => `${`${name}:`.padEnd(12)}${text}`);
  let day = "";
  const lines: string[] = [];
  for (const sitting of timeline.sittings) {
    const date = new Date(sitting.from).toISOString().slice(0, 10);
    if (date !== day) lines.push("", `${date}, times in UTC`);
    day = date;
    lines.push(...sittingLines(sitting, steps, style));
  }
  return [...facts, ...lines];
}

function sittingLines(sitting: Sitting, steps: number, style: Style): readonly string[] {
  const { by, to, from, until, pause, entries, end } = sitting;
  const who = harmless(by);
  return [
    ...(pause === undefined ? [] : [style.dim(`          ··· nobody at it for ${span(pause)} ···`)]),
    `${time(from)}  ${pause === undefined ? "begun" : to === "mark" ? "marked" : "resumed"} by ${who}${to === "undo" ? " to undo it" : ""}`,
    ...entries.flatMap((entry) => entryLines(entry, steps, style)),
    ...(to === "mark" ? [] : [`${time(until)}  ${harmless(`${end ? "ended: " : ""}${ending(end)}`)}`]),
  ];
}

function entryLines(entry: Entry, steps: number, style: Style): readonly string[] {
  const { step = "", from, until, state, records } = entry;
  const { said, more } = entryWords(entry);
  const took = step === "" ? "" : span(Math.max(0, until - from) / 1000);
  const name = harmless(step === "" ? (records[0]?.type ?? "") : step);
  const paint = state === "good" ? style.good : state === "told" ? style.dim : style.bad;
  const margin = 10 + 10 + steps + 2;
  const line = `${time(from)}  ${took.padStart(8)}  ${name.padEnd(steps)}  `;
  return [
    line + paint(oneLine(said, style.columns - Math.max(margin, line.length))),
    ...more.map((text) => `${" ".repeat(20)}| ${text}`),
  ];
}

function time(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
