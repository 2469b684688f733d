import type { Event, Record } from "../journal/record.ts";
import { harmless } from "./style.ts";
import { span, valueText } from "./words.ts";

/** One record of a journal as one line, for who reads it afterwards. */
export function recordLine(record: Record): string {
  const step = "step" in record && record.step !== undefined ? ` ${record.step}` : "";
  const said = (words[record.type] as (record: Record) => string)(record);
  return harmless(`${record.at} ${record.type}${step}${said ? `: ${said}` : ""}`).replaceAll("\n", " / ");
}

/** Every type of event has its words. */
const words: { readonly [T in Event["type"]]: (record: Extract<Record, { type: T }>) => string } = {
  begin: ({ data }) =>
    `${data.runbook} by ${data.operator.user}@${data.operator.host}, script ${data.script.slice(0, 12)}`,
  resume: ({ data }) => `by ${data.operator.user}@${data.operator.host}`,
  host: ({ data }) => `${data.host} is ${data.hello.hostname}, machine-id ${data.hello.machineId}`,
  read: ({ data }) => valueText(data.value),
  intent: ({ data }) => `on ${data.host} as ${data.token}`,
  done: ({ data }) => `${data.how}, ${span(data.seconds)}`,
  failed: ({ data }) => `the ${data.what} ended with exit status ${data.status}`,
  unknown: ({ data }) => `the ${data.what}: ${data.why}`,
  guard: ({ data }) => `${data.title}: ${data.answer}`,
  confirm: ({ data }) => `${data.answer}, ${data.how} by ${data.by}`,
  undo: ({ data }) => `exit status ${data.status}`,
  rebound: ({ data }) => `${data.host} from ${data.from} to ${data.to}`,
  resolved: ({ data }) => `${data.what}, by ${data.by}: ${data.why}`,
  end: ({ data }) => `${data.verdict}, exit code ${data.exitCode}`,
};
