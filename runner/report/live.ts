import type { WriteStream } from "node:tty";
import type { Record } from "../journal/record.ts";
import { Foot } from "./foot.ts";
import { plainSink } from "./plain.ts";
import type { Expectations, ShownStep, Sink } from "./sink.ts";
import { clock, span } from "./words.ts";

/** A run on a terminal: the lines that stay, and below them the step at hand with its time and the objective's. */
export function liveSink(terminal: WriteStream, expectations: Expectations): Sink {
  const foot = new Foot(terminal);
  const plain = plainSink(expectations, (write) => foot.over(write));
  const started = performance.now();
  /** The steps at hand, by host: more than one where hosts are worked on at the same time. */
  const atHand = new Map<string, { readonly shown: ShownStep; readonly since: number }>();
  let before = 0;

  const draw = (): void => {
    const now = performance.now();
    const all = before + (now - started) / 1000;
    const step = [...atHand.values()].at(-1);
    foot.draw(
      footLines(
        step && { ...step.shown, seconds: (now - step.since) / 1000, others: atHand.size - 1 },
        all,
        expectations,
        terminal.columns || 80,
      ),
    );
  };
  const ticking = setInterval(draw, 1000).unref();
  const resized = (): void => foot.resized();
  terminal.on("resize", resized);
  // What ends the process by another way than the last screen leaves no half of a view behind.
  const hide = (): void => foot.hide();
  process.once("exit", hide);

  return {
    ...plain,
    began: (secondsAgo) => {
      before = secondsAgo;
      plain.began(secondsAgo);
      draw();
    },
    step: (shown) => {
      if (!shown.together) atHand.clear();
      atHand.set(shown.host ?? "", { shown, since: performance.now() });
      plain.step(shown);
      draw();
    },
    record: (record) => {
      const ended = over.has(record.type) && "step" in record ? record.step : undefined;
      const host = [...atHand].find(([, { shown }]) => shown.id === ended)?.[0];
      // The last one stays until the next begins.
      if (host !== undefined && atHand.size > 1) atHand.delete(host);
      plain.record(record);
      if (host !== undefined) draw();
    },
    aside: async (body) => {
      foot.hide();
      try {
        return await plain.aside(body);
      } finally {
        foot.show();
      }
    },
    closing: (text) => {
      foot.hide();
      plain.closing(text);
    },
    [Symbol.dispose]: () => {
      clearInterval(ticking);
      terminal.off("resize", resized);
      process.off("exit", hide);
      foot.hide();
    },
  };
}

/** What ends a step. */
const over: ReadonlySet<Record["type"]> = new Set(["read", "done", "failed", "unknown", "undo"]);

/** The foot's two lines: what is done now, and the times, in the words that the window has room for. */
export function footLines(
  step: (ShownStep & { readonly seconds: number; readonly others?: number }) | undefined,
  seconds: number,
  { expectedSeconds, objectiveSeconds }: Expectations,
  columns: number,
): readonly string[] {
  const left = objectiveSeconds - seconds;
  if (!step) return ["connecting to the hosts", whole(seconds, left, objectiveSeconds)];
  const { number, of, host, title, others = 0 } = step;
  const expected = expectedSeconds[step.base];
  const beside = others > 0 ? `, and on ${others} other ${others === 1 ? "host" : "hosts"}` : "";
  const doing = `${number}/${of} ${host === undefined ? "" : `${host}: `}${title}${beside}`;
  const taking = `${clock(step.seconds)}${expected === undefined ? "" : ` of about ${span(expected)}`}`;
  const wide = `${taking}, ${whole(seconds, left, objectiveSeconds)}`;
  const narrow = `${clock(step.seconds)}${expected === undefined ? "" : `/${span(expected)}`}, all ${clock(seconds)}, ${
    left < 0 ? `late ${clock(-left)}` : `left ${clock(left)}`
  }`;
  return [doing, wide.length < columns ? wide : narrow];
}

function whole(seconds: number, left: number, objective: number): string {
  const rest = left < 0 ? `past its objective by ${clock(-left)}` : `${clock(left)} left of ${span(objective)}`;
  return `in all ${clock(seconds)}, ${rest}`;
}
