import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Exchange } from "../../../runner/transport/exchange.ts";
import { Lines } from "../../../runner/transport/lines.ts";
import { Observation } from "../../../runner/transport/observation.ts";
import { request } from "../../../runner/transport/protocol.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A host on the other side of the streams, which answers what it is asked when the test says so. */
function farEnd() {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const child = Object.assign(new EventEmitter(), streams);
  const asked: { readonly word: string; readonly number: string; readonly stream: string; readonly at: number }[] = [];
  streams.stdin.setEncoding("utf8").on("data", (text: string) => {
    for (const each of text.trimEnd().split("\n")) {
      const [word = "", number = "", , , stream = ""] = each.split(" ");
      asked.push({ word, number, stream, at: Date.now() });
    }
  });
  const exchange = new Exchange(
    "db1",
    child as unknown as ChildProcessWithoutNullStreams,
    new Lines(streams.stdout),
    () => "",
  );
  const observation = new Observation(exchange, { fields: request.exec(undefined, "shared", undefined, 0, "-") });
  let heard = "";
  observation.onOutput((_, bytes) => (heard += Buffer.from(bytes).toString()));
  const say = async (text: string): Promise<void> => {
    streams.stdout.write(`${text}\n`);
    await vi.advanceTimersByTimeAsync(0);
  };
  const answered = new Set<string>();
  return {
    observation,
    say,
    heard: () => heard,
    /** Questions so far. */
    asked: (word: string) => asked.filter((each) => each.word === word),
    /** Lets time pass on a host that answers what it is asked about output so long after it was asked. */
    async pass(ms: number, answerMs: number, output: () => string = () => ""): Promise<void> {
      for (const end = Date.now() + ms; Date.now() < end;) {
        await vi.advanceTimersByTimeAsync(10);
        const due = asked.filter(
          ({ word, number, at }) => word === "output" && !answered.has(number) && Date.now() >= at + answerMs,
        );
        for (const { number, stream } of due) {
          answered.add(number);
          const text = stream === "stdout" ? output() : "";
          if (text) await say(`data ${number} stdout ${Buffer.from(text).toString("base64")}`);
          await say(`end ${number}`);
        }
      }
    },
  };
}

test("a command is doubted only a while after its host has read the request for it", async () => {
  const host = farEnd();
  await host.pass(25_000, Infinity);
  expect(host.asked("doubt")).toEqual([]);
  const [question] = host.asked("identify");
  await host.say(`identity ${question?.number} 1 db1 - - root -`);
  await host.pass(9900, Infinity);
  expect(host.asked("doubt")).toEqual([]);
  await host.pass(200, Infinity);
  expect(host.asked("doubt")).toHaveLength(1);
});

test("a host that does not answer is asked for output once", async () => {
  const host = farEnd();
  await host.pass(60_000, Infinity);
  expect(host.asked("output")).toHaveLength(1);
});

test("a host that answers slowly spends most of its time on other things", async () => {
  const host = farEnd();
  await host.pass(60_000, 1000);
  // Two questions, a second each, then a pause.
  expect(host.asked("output").length).toBeLessThan(20);
});

test("a silent command is asked about less and less, and never less than once a second", async () => {
  const host = farEnd();
  await host.pass(10_000, 0);
  expect(host.asked("output").length / 2).toBeLessThan(14);
  const before = host.asked("output").length;
  await host.pass(10_000, 0);
  expect((host.asked("output").length - before) / 2).toBeGreaterThanOrEqual(9);
});

test("a command that speaks is heard at once again", async () => {
  const host = farEnd();
  await host.pass(20_000, 0);
  let written = 0;
  const before = host.asked("output").length;
  await host.pass(4000, 0, () => `${++written} `);
  expect(host.heard()).toMatch(/^1 2 3 /u);
  expect((host.asked("output").length - before) / 2).toBeGreaterThanOrEqual(13);
});

test("the end of a command on a slow host waits for one question, not for a pile of them", async () => {
  const host = farEnd();
  await host.pass(20_000, Infinity);
  await host.say("exit 1 0");
  // What was sent with the exit is all of it: nothing more is asked.
  await expect(host.observation.result).resolves.toMatchObject({ status: 0 });
  const before = host.asked("output").length;
  await host.pass(20_000, 0);
  expect(host.asked("output")).toHaveLength(before);
});
