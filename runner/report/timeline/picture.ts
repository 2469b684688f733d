import type { Entry, EntryState, Timeline } from "../../journal/timeline.ts";
import { span } from "../words.ts";
import { escaped } from "./escaped.ts";

const width = 960;
const labels = 300;
const row = 22;
const pauseWidth = 40;

/** How a bar is told apart without its colour. */
export const marks: Readonly<Record<EntryState, string>> = { good: "✓", bad: "✗", unknown: "?", open: "…", told: "·" };

interface Bar {
  readonly entry: Entry;
  readonly x: number;
  readonly width: number;
}

/** A timeline as an SVG picture: a row a visit, its length the time it took. Pauses are cut short, and say so. */
export function timelinePicture(timeline: Timeline): string {
  const { bars, pauses } = laidOut(timeline);
  const height = (bars.length + 2) * row;
  const parts = [
    ...pauses.flatMap(({ x, seconds }) => [
      `<rect class="pause" x="${x}" y="0" width="${pauseWidth - 8}" height="${height - row}"/>`,
      `<text class="small" x="${x + (pauseWidth - 8) / 2}" y="${height - 6}" text-anchor="middle">${escaped(span(seconds))}</text>`,
    ]),
    ...bars.flatMap((bar, index) => rowOf(bar, (index + 1) * row)),
  ];
  const title = `Timeline of ${timeline.run}: ${bars.length} visits to steps in ${span(timeline.seconds.all)}.`;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="picture-title picture-desc">`,
    `<title id="picture-title">${escaped(title)}</title>`,
    `<desc id="picture-desc">One bar a visit to a step; the table below says the same in words.</desc>`,
    ...parts,
    "</svg>",
  ].join("\n");
}

function rowOf({ entry, x, width: wide }: Bar, y: number): readonly string[] {
  const { step = "", state, from, until } = entry;
  const name = step.length > 42 ? `${step.slice(0, 41)}…` : step;
  const took = span(Math.max(0, until - from) / 1000);
  const inside = x + wide + 60 < width;
  const at = inside ? `x="${x + wide + 5}"` : `x="${x - 5}" text-anchor="end"`;
  return [
    `<line class="rule" x1="0" x2="${width}" y1="${y + 5}" y2="${y + 5}"/>`,
    `<text x="0" y="${y}">${escaped(name)}</text>`,
    `<rect class="${state}" x="${x}" y="${y - 12}" width="${wide}" height="14"/>`,
    `<text class="small" ${at} y="${y}">${marks[state]} ${escaped(took)}</text>`,
  ];
}

function laidOut({ sittings, seconds }: Timeline): {
  readonly bars: readonly Bar[];
  readonly pauses: readonly { readonly x: number; readonly seconds: number }[];
} {
  const room = Math.max(100, width - labels - 70 - (sittings.length - 1) * pauseWidth);
  const scale = room / Math.max(1, seconds.atWork * 1000);
  const bars: Bar[] = [];
  const pauses: { x: number; seconds: number }[] = [];
  let x = labels;
  for (const { from, until, pause, entries } of sittings) {
    if (pause !== undefined) {
      pauses.push({ x: round(x + 4), seconds: pause });
      x += pauseWidth;
    }
    for (const entry of entries) {
      if (entry.step === undefined) continue;
      const begins = x + Math.max(0, entry.from - from) * scale;
      bars.push({ entry, x: round(begins), width: round(Math.max(3, (entry.until - entry.from) * scale)) });
    }
    x += Math.max(0, until - from) * scale;
  }
  return { bars, pauses };
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
