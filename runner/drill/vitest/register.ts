import { inject, test } from "vitest";
import { loadProject } from "../../project.ts";
import { notADrill } from "../errors.ts";
import { isDrill } from "../load.ts";
import { runDrill } from "../drill.ts";
import { PlainSink } from "../sinks/plain.ts";
import { summaryOf } from "../sinks/summary.ts";
import "./context.ts";
import { passedOn } from "./interruption.ts";

/** Makes the default export of a drill file one test. It runs once: a drill that passes at the second try has failed. */
export function register(declared: unknown, file: string): void {
  if (!isDrill(declared)) throw notADrill(file);
  test(declared.id, { retry: 0 }, async ({ task, signal: cancelled }) => {
    const { root, ...options } = inject("drillbook");
    using interrupt = passedOn();
    const signal = AbortSignal.any([cancelled, interrupt.signal]);
    using sink = new PlainSink((line) => console.log(line));
    const result = await runDrill(declared, { ...options, project: await loadProject(root), signal }, sink.emit);
    task.meta.drill = result;
    if (result.verdict !== "passed") throw new DrillDidNotPass(`${result.verdict}\n${summaryOf(result)}`);
  });
}

/** What vitest and JUnit show of a drill that failed or was void. */
class DrillDidNotPass extends Error {
  override readonly name = "DrillDidNotPass";
}
