import type { Event, Record } from "../journal/record.ts";
import type { Sink } from "./sink.ts";
import { recordWords } from "./record-words.ts";
import { harmless, oneLine, styleOf } from "./style.ts";
import { clock, span, valueText } from "./words.ts";

/** A run in lines, for a person or a log: each step when it begins, and what came of it. */
export function plainSink(): Sink {
  const style = styleOf(process.stdout);
  const started = performance.now();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const under = (text: string): void => say(`${" ".repeat(8)}${text}`);
  const room = style.columns - 8;

  const shown: Shown = {
    begin: ({ data }) => say(style.dim(`${data.runbook}, begun by ${data.operator.user}@${data.operator.host}`)),
    resume: (record) => say(style.dim(`resumed ${recordWords(record)}`)),
    host: ({ data }) => say(style.dim(`${data.host} answers: ${harmless(data.hello.hostname)}`)),
    read: ({ data }) => under(oneLine(harmless(valueText(data.value)), room)),
    intent: () => {},
    done: ({ data }) => under(style.good(data.how === "ran" ? `done, ${span(data.seconds)}` : data.how)),
    failed: (record) => {
      const { data } = record;
      under(style.bad(`failed: ${recordWords(record)}`));
      const tail = harmless(data.stderr.tail || data.stdout.tail).trimEnd();
      for (const line of tail === "" ? [] : tail.split("\n").slice(-20)) under(`| ${line}`);
    },
    unknown: ({ data }) => under(style.bad(`not known: ${data.why}`)),
    guard: ({ data }) => {
      if (data.answer !== "yes") under(style.bad(`guard "${data.title}": ${data.answer}`));
    },
    confirm: ({ data }) => under(`${data.answer}, ${data.how} by ${data.by}`),
    undo: ({ data }) => under(style.good(data.how === "ran" ? `undone, ${span(data.seconds)}` : data.how)),
    mirror: ({ data }) =>
      say(
        data.state === "kept"
          ? style.dim(`its record is copied to ${data.host}`)
          : style.bad(`the mirror on ${data.host} is lost: ${harmless(data.why ?? "")}`),
      ),
    rebound: ({ data }) => say(`${data.host} is bound anew`),
    resolved: ({ data }) => under(`decided by ${data.by}: ${data.what}`),
    end: () => {},
  };

  return {
    step: ({ title, host, number, of }) => {
      const time = style.dim(`[${clock((performance.now() - started) / 1000)}]`);
      say(`${time} ${number}/${of} ${host ? `${host}: ` : ""}${style.bold(title)}`);
    },
    record: (record) => show(shown, record),
    output: (bytes) => void process.stdout.write(bytes),
    closing: say,
    notice: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** Every type of event has its line here, or says that it needs none. */
type Shown = { readonly [T in Event["type"]]: (record: Extract<Record, { type: T }>) => void };

function show<T extends Event["type"]>(shown: Shown, record: Extract<Record, { type: T }>): void {
  (shown[record.type] as (record: Extract<Record, { type: T }>) => void)(record);
}
