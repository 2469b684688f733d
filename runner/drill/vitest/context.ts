import type { RunOptions } from "../options.ts";
import type { DrillResult } from "../result.ts";

/** What the command hands to the tests, and what they hand back. */
declare module "vitest" {
  interface ProvidedContext {
    readonly drillbook: Omit<RunOptions, "project" | "signal"> & { readonly root: string };
  }
  interface TaskMeta {
    drill?: DrillResult;
  }
}
