import type { Rehearsal } from "../../dsl/plan/rehearsal.ts";
import type { Rehearsed } from "../runtime/rehearsed.ts";
import { harmless } from "./style.ts";
import { span } from "./words.ts";

/** What an operator is told of a script before it does anything: its drill, or a warning. */
export function rehearsalWords({ exact, other, wanting }: Rehearsed): {
  readonly text: string;
  readonly warns: boolean;
} {
  if (exact?.verdict === "passed")
    return { text: harmless(`This exact script passed ${drilled(exact)}.`), warns: false };
  const failed = exact ? `${exact.verdict === "failed" ? "failed" : "showed nothing in"} ${drilled(exact)}` : undefined;
  const text = [
    `WARNING: this exact script ${failed ?? "has never passed a drill"}.`,
    ...(other ? [`Another version of it passed ${drilled(other)}.`] : []),
    ...(wanting ? [`(No drill is known: ${wanting}.)`] : []),
  ].join(" ");
  return { text: harmless(text), warns: true };
}

function drilled({ drill, at, as, verdict, rtaSeconds }: Rehearsal): string {
  const named = `the drill ${drill} on ${at.slice(0, 10)}`;
  if (verdict !== "passed") return named;
  if (as === "backup") return `${named}: what it backed up was recovered from`;
  return rtaSeconds === undefined ? named : `${named}: recovered in ${span(rtaSeconds)}`;
}
