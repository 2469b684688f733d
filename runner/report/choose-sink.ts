import { jsonSink } from "./json.ts";
import { liveSink } from "./live.ts";
import { plainSink } from "./plain.ts";
import type { Expectations, Sink } from "./sink.ts";

/** How the operator wants to be told, as far as they said. */
export interface Wishes {
  readonly json: boolean;
  /** Lines only, nothing drawn over: for a screen reader, or to copy from. */
  readonly plain: boolean;
}

/** JSON where it was asked for; a live view on a terminal that can be drawn on; lines everywhere else. */
export function chooseSink({ json, plain }: Wishes, expectations: Expectations): Sink {
  if (json) return jsonSink();
  const lines = plain || Boolean(process.env["DRILLBOOK_PLAIN"]) || process.env["TERM"] === "dumb";
  return process.stdout.isTTY && !lines ? liveSink(process.stdout, expectations) : plainSink(expectations);
}
