import type { Problem } from "../errors.ts";

/** A stretch of an author's file. */
export interface Stretch {
  /** Absolute path. */
  readonly file: string;
  /** Offsets from the beginning of the file, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Something that a rule found, and where. */
export interface Finding extends Problem {
  readonly severity: "error" | "warning";
  readonly at: Stretch;
}

export function error(problem: Problem, at: Stretch): Finding {
  return { ...problem, severity: "error", at };
}

export function warning(problem: Problem, at: Stretch): Finding {
  return { ...problem, severity: "warning", at };
}
