import type { Sink } from "./sink.ts";

/** Records as they are in the journal, one JSON object a line; notices go to stderr. */
export function jsonSink(): Sink {
  return {
    began: () => {},
    step: () => {},
    record: (record) => void process.stdout.write(`${JSON.stringify(record)}\n`),
    output: (bytes) => void process.stderr.write(bytes),
    aside: (body) => body(),
    closing: (text) => void process.stderr.write(`${text}\n`),
    notice: (text) => void process.stderr.write(`${text}\n`),
    [Symbol.dispose]: () => {},
  };
}
