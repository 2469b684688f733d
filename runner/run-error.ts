import type { exitCode } from "./exit-codes.ts";

/**
 * What can go wrong while an operator works, in words: what, where, and the way out. Made by the named factories of
 * each room (`errors.ts`), so that a wording has one home. Codes DB3xxx belong to running, DB4xxx to drilling.
 */
export class RunError extends Error {
  override readonly name = "RunError";
  /** Stable code, documented in docs/errors.md. */
  readonly code: string;
  /** What the process answers with. */
  readonly exitCode: ExitCode;
  /** What the operator can do about it. */
  readonly remedy: string;

  constructor(code: string, answer: ExitCode, message: string, remedy: string) {
    super(`${code} ${message}\n  ${remedy}`);
    this.code = code;
    this.exitCode = answer;
    this.remedy = remedy;
  }
}

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
