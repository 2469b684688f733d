import { chooseSink } from "../report/choose-sink.ts";
import type { Sink } from "../report/sink.ts";
import type { Prepared } from "./prepare.ts";

/** Where this call's run is told, with what its times are compared with. */
export function sinkOf({ call, head, rehearsed }: Prepared): Sink {
  return chooseSink(call, {
    expectedSeconds: rehearsed.stepSeconds,
    objectiveSeconds: head.objective.rtoSeconds,
  });
}
