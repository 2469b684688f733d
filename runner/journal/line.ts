import { createHash } from "node:crypto";
import type { Record, Seal } from "./record.ts";

/** What `prev` is in the first line. */
export const noLine = "0".repeat(64);

const sealed = /^(\{.*),"sum":"([0-9a-f]{16})"\}$/su;

/** SHA-256, hex. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A record as its line, without the line break. */
export function encode(record: Record): string {
  const text = JSON.stringify(record);
  return `${text.slice(0, -1)},"sum":"${sum(text)}"}`;
}

/** The record of a line, or in a few words what is wrong with it. */
export function decode(line: string): Record | string {
  const [, open, seal] = sealed.exec(line) ?? [];
  if (open === undefined) return "it does not end with its checksum";
  const text = `${open}}`;
  if (sum(text) !== seal) return "its checksum does not match its content";
  try {
    return JSON.parse(text) as Record;
  } catch {
    return "it is not JSON";
  }
}

function sum(text: string): Seal["sum"] {
  return sha256(text).slice(0, 16);
}
