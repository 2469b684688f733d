import type { Entry, Sitting, Timeline } from "../../journal/timeline.ts";
import { ending } from "../record-words.ts";
import { span } from "../words.ts";
import { escaped } from "./escaped.ts";
import { marks, timelinePicture } from "./picture.ts";
import { entryWords, headingFacts } from "./told.ts";

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif;
  --good: #1a7f37; --bad: #c62828; --unknown: #b26a00; --told: #777; }
@media (prefers-color-scheme: dark) { :root { --good: #4cc36a; --bad: #ff7b72; --unknown: #e3a53b; --told: #999; } }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { color: var(--told); } dd { margin: 0; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: currentColor; } svg .small { font-size: 11px; }
svg .rule { stroke: #8883; } svg .pause { fill: #8882; }
svg .good { fill: var(--good); } svg .bad { fill: var(--bad); } svg .told { fill: var(--told); }
svg .unknown, svg .open { fill: var(--unknown); }
table { width: 100%; border-collapse: collapse; } caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .5rem; border-top: 1px solid #8884; overflow-wrap: anywhere; }
td:nth-child(-n+2) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); } .told { color: var(--told); }
.unknown, .open { color: var(--unknown); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .2rem 0; padding: .4rem; border: 1px solid #8886; font-size: .8rem; }
@media print { body { max-width: none; margin: 0; font-size: 10pt; } tr, svg { break-inside: avoid; } }`;

/** A timeline as one HTML file that needs nothing beside it and runs nothing, to be put into a report. */
export function timelineHtml(timeline: Timeline, head: string, notice: string | undefined): string {
  const title = `${timeline.begin.runbook}: ${timeline.run}`;
  const facts = headingFacts(timeline, head).map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`);
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    `<h1>${escaped(title)}</h1>`,
    `<dl>${facts.join("\n")}</dl>`,
    ...(notice ? [`<p class="unknown">${escaped(notice)}</p>`] : []),
    "<h2>The run as a picture</h2>",
    timelinePicture(timeline),
    "<h2>What happened</h2>",
    ...timeline.sittings.map(sittingTable),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function sittingTable(sitting: Sitting): string {
  const { by, to, from, pause, entries, end } = sitting;
  const came = to === "mark" ? "marked" : "resumed";
  const after = pause === undefined ? "Begun" : `After ${span(pause)} with nobody at it, ${came}`;
  const ended = to === "mark" ? "" : `; ${ending(end)}`;
  const caption = `${after} by ${by}${to === "undo" ? " to undo it" : ""} at ${moment(from)}${ended}`;
  return [
    "<table>",
    `<caption>${escaped(caption)}</caption>`,
    '<tr><th scope="col">UTC</th><th scope="col">Took</th><th scope="col">Step</th><th scope="col">Outcome</th></tr>',
    ...entries.map(entryRow),
    "</table>",
  ].join("\n");
}

function entryRow(entry: Entry): string {
  const { step, from, until, state, records } = entry;
  const { said, more } = entryWords(entry);
  const took = step === undefined ? "" : span(Math.max(0, until - from) / 1000);
  const printed = more.length > 0 ? `<pre>${escaped(more.join("\n"))}</pre>` : "";
  const cells = [
    moment(from).slice(11, 19),
    escaped(took),
    escaped(step ?? records[0]?.type ?? ""),
    `<span class="${state}">${marks[state]} ${escaped(said)}</span>${printed}`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function moment(at: number): string {
  return new Date(at).toISOString();
}
