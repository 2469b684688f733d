import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { sha256 } from "../journal/line.ts";
import { scriptChanged } from "./call-errors.ts";

/** A kit's two files that run: their bytes and what these hash to. */
export interface KitIdentity {
  readonly script: KitFile;
  readonly runtime: KitFile;
}

export interface KitFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of all bytes, hex. */
  readonly sha256: string;
}

/** The first line of a script, and what its second one begins with. The rest of that one is the hash of all below. */
export const shebang = "#!/usr/bin/env node";
export const seal = "// drillbook-script 1 sha256:";

/** The file name of a runtime. */
export function runtimeName(hash: string): string {
  return `drillbook-runtime-${hash.slice(0, 12)}.mjs`;
}

/**
 * Reads both files and holds them to what they say of themselves. (A change that leaves a file no JavaScript never gets
 * here: Node refuses to load it.)
 * @throws RunError DB3001
 */
export function verifyKit(scriptPath: string, runtimePath: string, expectedRuntime: string): KitIdentity {
  const script = read(scriptPath);
  const [first, second = "", ...below] = split(script.bytes);
  if (first !== shebang) throw scriptChanged(scriptPath, "its first line was altered");
  const body = below.join("\n");
  if (second !== seal + sha256(Buffer.from(body, "latin1"))) {
    throw scriptChanged(scriptPath, "its bytes do not have the hash that its second line gives");
  }
  const runtime = read(runtimePath);
  if (runtime.sha256 !== expectedRuntime) {
    throw scriptChanged(runtimePath, `its bytes do not have the hash that ${basename(scriptPath)} gives`);
  }
  if (basename(runtimePath) !== runtimeName(expectedRuntime)) {
    throw scriptChanged(runtimePath, `a runtime of these bytes is called ${runtimeName(expectedRuntime)}`);
  }
  return { script, runtime };
}

/** Lines, one character a byte, so that no byte is lost on the way. */
function split(bytes: Buffer): readonly string[] {
  return bytes.toString("latin1").split("\n");
}

function read(path: string): KitFile & { readonly bytes: Buffer } {
  const bytes = readFileSync(path);
  return { path, bytes, sha256: sha256(bytes) };
}
