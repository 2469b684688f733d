import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { journalNotWritten } from "./errors.ts";
import { sha256 } from "./line.ts";
import type { Kept, Output, What } from "./record.ts";

/** How much of an output stands in the journal itself. */
export const tailBytes = 4096;

/** Keeps all bytes of a command's output in `folder`, and gives what the journal says of them. */
export function keepOutput(folder: string, name: string, output: Streams): Output {
  return {
    stdout: keep(join(folder, `${name}.stdout`), output.stdout),
    stderr: keep(join(folder, `${name}.stderr`), output.stderr),
  };
}

export interface Streams {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** What the two files of a record's output are called, but for their endings. */
export function outputName(seq: number, step: string, what: What): string {
  return `${String(seq).padStart(6, "0")}-${step.replace(/[^A-Za-z0-9.-]+/gu, "_").slice(0, 80)}.${what}`;
}

/** What the journal says of bytes: size, digest, and the end of them as text. */
export function describe(bytes: Uint8Array): Kept {
  const tail = new TextDecoder().decode(bytes.subarray(Math.max(0, bytes.length - tailBytes)));
  return { bytes: bytes.length, sha256: sha256(bytes), tail };
}

function keep(path: string, bytes: Uint8Array): Kept {
  if (bytes.length > 0) write(path, bytes);
  return describe(bytes);
}

function write(path: string, bytes: Uint8Array): void {
  try {
    const file = openSync(path, "w", 0o600);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    // A shorter output stands whole in the journal's line, which is synced.
    if (bytes.length > tailBytes) fsyncSync(file);
    closeSync(file);
  } catch (error) {
    throw journalNotWritten(path, error instanceof Error ? error.message : String(error));
  }
}
