/** Something wrong with a runbook, at its place in the source. */
export interface Diagnostic {
  /** `DB1xxx`: the language refused it while the body ran. `DB2xxx`: found by reading it. */
  readonly code: string;
  /** An error keeps the runbook from being compiled. */
  readonly severity: "error" | "warning";
  /** What is wrong, one sentence. */
  readonly message: string;
  /** The way out, one sentence. */
  readonly remedy: string;
  /** Path relative to the project, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** How much of the line it is about, in UTF-16 code units; 0 where that is not known. */
  readonly length: number;
}
