import { relative } from "node:path";
import { createVitest, type CliOptions, type Reporter } from "vitest/node";
import type { RunOptions } from "../options.ts";
import type { DrillResult } from "../result.ts";
import "./context.ts";
import { ownSignals, passOn } from "./interruption.ts";
import { drillFiles } from "./plugin.ts";

/** Which drills vitest is to run, and how. */
export interface Driving {
  /** Absolute paths of drill files. */
  readonly files: readonly string[];
  readonly options: RunOptions;
  /** Where a JUnit report goes. */
  readonly junit?: string;
  readonly onLine: (line: string) => void;
  readonly onResult: (result: DrillResult) => void;
  /** A drill file that gave no result: it could not be loaded, or the call made no sense for it. */
  readonly onBroken: (file: string, why: string) => void;
}

/** Runs drills as vitest's tests, one after the other: two at once would measure each other. */
export async function driveVitest({ files, options, junit, ...told }: Driving): Promise<void> {
  const { signal = new AbortController().signal, project, ...given } = options;
  const { root } = project;
  const onResult = (result: DrillResult): void => {
    told.onResult(result);
    // The interrupted drill was the last one.
    if (signal.aborted) void vitest.cancelCurrentRun("keyboard-input");
  };
  const ours = reporter({ ...told, onResult });
  const config: CliOptions = {
    root,
    config: false,
    watch: false,
    include: files.map((file) => relative(root, file)),
    // A thread does not get the terminal's interrupt; the drill is told by its signal, and removes its machines.
    pool: "threads",
    fileParallelism: false,
    testTimeout: 0,
    teardownTimeout: 60_000,
    passWithNoTests: true,
    provide: { drillbook: { ...given, root } },
    reporters: junit ? [ours, ["junit", { outputFile: junit }]] : [ours],
  };
  // Standard output is the results' alone.
  const vitest = await ownSignals(() => createVitest(config, { plugins: [drillFiles()] }, { stdout: process.stderr }));
  using _ = passOn(signal);
  try {
    await vitest.start();
  } finally {
    await vitest.close();
  }
}

function reporter({ onLine, onResult, onBroken }: Pick<Driving, "onLine" | "onResult" | "onBroken">): Reporter {
  return {
    onUserConsoleLog: ({ content }) => content.trimEnd().split("\n").forEach(onLine),
    onTestCaseResult: (test) => {
      const { drill } = test.meta();
      if (drill) onResult(drill);
      else
        onBroken(test.name, (test.result().errors ?? []).map(({ message }) => message).join("\n") || "it did not run");
    },
    onTestModuleEnd: (module) => {
      for (const { message } of module.errors()) onBroken(module.relativeModuleId, message);
    },
  };
}
