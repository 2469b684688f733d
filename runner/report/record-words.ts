import type { End, Event, Record } from "../journal/record.ts";
import { differenceWords } from "./adoption-words.ts";
import { valueText } from "./words.ts";

/** How a run ended, in words. */
export function ending(end: End | undefined): string {
  if (!end) return "no end is on record: it was killed, or still goes on";
  return `${end.verdict} (exit code ${end.exitCode})${end.why ? `: ${end.why}` : ""}`;
}

/** What one record says, in a few words, for who reads it afterwards. */
export function recordWords(record: Record): string {
  return (words[record.type] as (record: Record) => string)(record);
}

/** How a question was answered. */
const answered: { readonly [how in Extract<Event, { type: "confirm" }>["data"]["how"]]: string } = {
  typed: "typed",
  given: "given",
  empty: "with Enter alone and nothing typed",
  ended: "with the input at its end and nothing typed",
  mistyped: "with none of the answers typed",
};

/** Every type of event has its words. */
const words: { readonly [T in Event["type"]]: (record: Extract<Record, { type: T }>) => string } = {
  begin: ({ data }) =>
    `${data.runbook} by ${data.operator.user}@${data.operator.host}, script ${data.script.slice(0, 12)}`,
  resume: ({ data }) => `by ${data.operator.user}@${data.operator.host}${data.to ? " to undo it" : ""}`,
  host: ({ data }) => `${data.host} is ${data.hello.hostname}, machine-id ${data.hello.machineId}`,
  read: ({ data }) => valueText(data.value),
  intent: ({ data }) => `${data.undo ? "undo " : ""}on ${data.host} as ${data.token}`,
  done: ({ data }) => (data.how === "ran" ? "done" : data.how),
  failed: ({ data }) =>
    data.what === "undone"
      ? "it is still in effect after its undo"
      : `the ${data.what} ended with exit status ${data.status}`,
  unknown: ({ data }) => `not known, the ${data.what}: ${data.why}`,
  guard: ({ data }) => `${data.title}: ${data.answer}`,
  confirm: ({ data }) => `${data.answer}, ${answered[data.how]} by ${data.by}`,
  undo: ({ data }) => (data.how === "ran" ? "undone" : data.how),
  mirror: ({ data }) => `${data.host}: ${data.state}${data.why ? `, ${data.why}` : ""}`,
  rebound: ({ data }) => `${data.host} from ${data.from} to ${data.to}, by ${data.by} at ${data.at}`,
  adopted: ({ data }) =>
    `script ${data.script.slice(0, 12)}: ${differenceWords(data.difference)}; ${data.how} by ${data.by}`,
  resolved: ({ data }) => `${data.what}, by ${data.by}: ${data.why}`,
  end: ({ data }) => ending(data),
};
