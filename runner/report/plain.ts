import type { Event, Record } from "../journal/record.ts";
import type { ShownStep, Sink } from "./sink.ts";
import { harmless, oneLine, styleOf } from "./style.ts";
import { clock, span, valueText } from "./words.ts";

/** A run in lines, for a person or a log: each step when it begins, and what came of it. */
export function plainSink(): Sink {
  const style = styleOf(process.stdout);
  const started = performance.now();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  /** The steps at hand on hosts that are worked on at the same time: each line says which it is about. */
  const together = new Map<string, ShownStep>();
  let about = "";
  const under = (text: string): void => say(`${" ".repeat(8)}${about}${text}`);
  const room = style.columns - 8;

  const shown: Shown = {
    begin: ({ data }) => say(style.dim(`${data.runbook}, begun by ${data.operator.user}@${data.operator.host}`)),
    resume: ({ data }) => say(style.dim(`resumed by ${data.operator.user}@${data.operator.host}`)),
    host: ({ data }) => say(style.dim(`${data.host} answers: ${harmless(data.hello.hostname)}`)),
    read: ({ data }) => under(oneLine(harmless(valueText(data.value)), room)),
    intent: () => {},
    done: ({ data }) => under(style.good(data.how === "ran" ? `done, ${span(data.seconds)}` : data.how)),
    failed: ({ data }) => {
      under(style.bad(`failed: the ${data.what} ended with exit status ${data.status}`));
      const tail = harmless(data.stderr.tail || data.stdout.tail).trimEnd();
      for (const line of tail === "" ? [] : tail.split("\n").slice(-20)) under(`| ${line}`);
    },
    unknown: ({ data }) => under(style.bad(`not known: ${data.why}`)),
    guard: ({ data }) => {
      if (data.answer !== "yes") under(style.bad(`guard "${data.title}": ${data.answer}`));
    },
    confirm: ({ data }) => under(`${data.answer}, ${data.how} by ${data.by}`),
    undo: ({ data }) => under(`undo: exit status ${data.status}`),
    rebound: ({ data }) => say(`${data.host} is bound anew`),
    resolved: ({ data }) => under(`decided by ${data.by}: ${data.what}`),
    end: () => {},
  };

  return {
    step: (step) => {
      if (step.together) {
        together.set(step.id, step);
        return;
      }
      const { title, host, number, of } = step;
      const time = style.dim(`[${clock((performance.now() - started) / 1000)}]`);
      say(`${time} ${number}/${of} ${host ? `${host}: ` : ""}${style.bold(title)}`);
    },
    record: (record) => {
      const step = "step" in record && record.step !== undefined ? together.get(record.step) : undefined;
      about = step ? `${step.host ? `${step.host}: ` : ""}${step.title.replace(/\[.*/u, "")}: ` : "";
      show(shown, record);
    },
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
