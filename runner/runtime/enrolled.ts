import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { BoundHost } from "../binding.ts";

/** That a replaced machine was bound: what `drillbook enroll` leaves beside the binding, one JSON object a line. */
export interface Enrolled {
  readonly v: 1;
  readonly at: string;
  /** `user@machine`. */
  readonly by: string;
  readonly host: string;
  /** The host's whole former entry, and the one since. Paths in them are as they stand in the binding. */
  readonly from: BoundHost;
  readonly to: BoundHost;
  /** How the key was confirmed: `typed` by a person, or `given` as a fingerprint. */
  readonly how: "typed" | "given";
}

/** Where the enrollments of a binding are. */
export function enrolledFile(binding: string): string {
  return `${binding}.enrolled.jsonl`;
}

/** The enrollments of a binding's hosts, oldest first. */
export function enrolledIn(binding: string): readonly Enrolled[] {
  const file = enrolledFile(binding);
  if (!existsSync(file)) return [];
  // A torn last line is an enrollment that never came to be: the binding was not written yet.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Enrolled);
}

/** Adds one, on disk when this returns. */
export function addEnrolled(binding: string, enrolled: Enrolled): void {
  const file = openSync(enrolledFile(binding), "a", 0o600);
  try {
    writeSync(file, `${JSON.stringify(enrolled)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
