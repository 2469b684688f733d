import type { Entry, Timeline } from "../../journal/timeline.ts";
import type { Record } from "../../journal/record.ts";
import { ending, recordWords } from "../record-words.ts";
import { harmless } from "../style.ts";
import { span, valueText } from "../words.ts";

/** What stands above a timeline: a name and its text each. */
export function headingFacts(timeline: Timeline, head: string): readonly (readonly [name: string, text: string])[] {
  const { run, begin, sittings, seconds } = timeline;
  const params = Object.entries(begin.params).map(([name, text]) => `${name} = ${text}`);
  const hosts = Object.entries(begin.pins).map(([host, { role }]) => `${host} (${role})`);
  const work = sittings.length > 1 ? `, of which ${span(seconds.atWork)} at work in ${sittings.length} sittings` : "";
  const facts: readonly (readonly [string, string])[] = [
    ["Run", run],
    ["Runbook", begin.runbook],
    ["Ended", ending(sittings.findLast(({ to }) => to !== "mark")?.end)],
    ["Took", `${span(seconds.all)}${work}`],
    ["Parameters", params.join(", ") || "none"],
    ["Hosts", hosts.join(", ") || "none"],
    ["Script", begin.script],
    ["Runtime", begin.runtime],
    ["Head", head],
  ];
  return facts.map(([name, text]) => [name, harmless(text)]);
}

/** The entry in one line, and what there is to say under it: failures with what they printed, evidence, refusals. */
export function entryWords({ records, host, state }: Entry): {
  readonly said: string;
  readonly more: readonly string[];
} {
  const last = records.at(-1);
  const said = [host, state === "open" ? "was sent, and no outcome is on record" : last && recordWords(last)];
  const more = records.flatMap((record) => (record === last ? detail(record) : aside(record)));
  return {
    said: harmless(said.filter(Boolean).join(": ")).replaceAll("\n", " / "),
    more: more.flatMap((text) => harmless(text).trimEnd().split("\n")),
  };
}

/** What is worth a line though more followed: failures, decisions, answers. What went well is in the last line. */
function aside(record: Record): readonly string[] {
  if (record.type === "intent" || (record.type === "guard" && record.data.answer === "yes")) return [];
  return [`${record.type}: ${recordWords(record)}`, ...detail(record)];
}

function detail(record: Record): readonly string[] {
  switch (record.type) {
    case "failed":
      return tail(record.data.stderr.tail || record.data.stdout.tail);
    case "guard":
      return record.data.detail ? [record.data.detail] : [];
    case "confirm":
      return Object.entries(record.data.evidence).map(([name, value]) => `${name}: ${valueText(value)}`);
    default:
      return [];
  }
}

function tail(text: string): readonly string[] {
  return text.trim() === "" ? [] : text.trimEnd().split("\n").slice(-20);
}
