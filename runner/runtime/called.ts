import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunFolder } from "../journal/state.ts";

/** How a run was called: what of it a resume needs and no record holds. */
export interface Called {
  readonly binding: string;
  readonly mirror?: string | undefined;
}

export function writeCalled(folder: RunFolder, called: Called): void {
  writeFileSync(calledFile(folder), `${JSON.stringify({ v: 1, ...called })}\n`, { mode: 0o600 });
}

/** Nothing where the file is missing, or is none: what it says can be given again. */
export function readCalled(folder: RunFolder): Partial<Called> {
  try {
    const called = JSON.parse(readFileSync(calledFile(folder), "utf8")) as Called | null;
    return typeof called?.binding === "string" ? called : {};
  } catch {
    return {};
  }
}

export function calledFile(folder: RunFolder): string {
  return join(folder.path, "called.json");
}
