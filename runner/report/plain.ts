import type { Event, Record } from "../journal/record.ts";
import { Lines } from "./lines.ts";
import type { Expectations, ShownStep, Sink } from "./sink.ts";
import { recordWords } from "./record-words.ts";
import { harmless, oneLine, styleOf } from "./style.ts";
import { clock, span, valueText } from "./words.ts";

/**
 * A run in lines, for a person or a log: each step when it begins, and what came of it.
 * @param over where something is drawn below the lines: gives way to what is written, and says itself which step is at
 * hand, so that a step's line is written with what came of it
 */
export function plainSink({ expectedSeconds }: Expectations, over?: (write: () => void) => void): Sink {
  const style = styleOf(process.stdout);
  const started = performance.now();
  const write = over ?? ((act: () => void) => act());
  let heading: string | undefined;
  const headed = (text: string): void => {
    const lines = heading === undefined ? text : `${heading}\n${text}`;
    heading = undefined;
    write(() => process.stdout.write(`${lines}\n`));
  };
  const printed = new Lines((line) => headed(harmless(line)));
  const say = (text: string): void => {
    printed.flush();
    headed(text);
  };
  /** The steps at hand on hosts that are worked on at the same time: each line says which it is about. */
  const together = new Map<string, ShownStep>();
  let about = "";
  const under = (text: string): void => say(`${" ".repeat(8)}${about}${text}`);
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
    confirm: (record) => under(recordWords(record)),
    undo: ({ data }) => under(style.good(data.how === "ran" ? `undone, ${span(data.seconds)}` : data.how)),
    mirror: ({ data }) =>
      say(
        data.state === "kept"
          ? style.dim(`its record is copied to ${data.host}`)
          : style.bad(`the mirror on ${data.host} is lost: ${harmless(data.why ?? "")}`),
      ),
    rebound: ({ data }) => say(`${data.host} is bound anew: ${data.to}, enrolled by ${data.by}`),
    adopted: (record) => say(`goes on with a mended script: ${harmless(recordWords(record))}`),
    resolved: ({ data }) => under(`decided by ${data.by}: ${data.what}`),
    end: () => {},
  };

  return {
    began: () => {},
    step: (step) => {
      printed.flush();
      if (step.together) {
        together.set(step.id, step);
        return;
      }
      const { base, title, host, number, of } = step;
      const time = style.dim(`[${clock((performance.now() - started) / 1000)}]`);
      const expected = expectedSeconds[base];
      const about = expected === undefined ? "" : style.dim(` (about ${span(expected)})`);
      const line = `${time} ${number}/${of} ${host ? `${host}: ` : ""}${style.bold(title)}${about}`;
      if (over) heading = line;
      else say(line);
    },
    record: (record) => {
      const step = "step" in record && record.step !== undefined ? together.get(record.step) : undefined;
      about = step ? `${step.host ? `${step.host}: ` : ""}${step.title.replace(/\[.*/u, "")}: ` : "";
      show(shown, record);
    },
    // A log gets the bytes as they are; on a terminal they are lines, and none of them can move the cursor.
    output: process.stdout.isTTY ? (bytes) => printed.push(bytes) : (bytes) => void process.stdout.write(bytes),
    aside: (body) => {
      if (heading !== undefined) {
        process.stdout.write(`${heading}\n`);
        heading = undefined;
      }
      return body();
    },
    closing: say,
    notice: (text) => write(() => process.stderr.write(`${text}\n`)),
    [Symbol.dispose]: () => printed.flush(),
  };
}

/** Every type of event has its line here, or says that it needs none. */
type Shown = { readonly [T in Event["type"]]: (record: Extract<Record, { type: T }>) => void };

function show<T extends Event["type"]>(shown: Shown, record: Extract<Record, { type: T }>): void {
  (shown[record.type] as (record: Extract<Record, { type: T }>) => void)(record);
}
