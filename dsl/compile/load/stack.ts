import { fileURLToPath } from "node:url";

/** A place in a source. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The places of a stack, innermost first. */
export function placesIn(stack: string): readonly Place[] {
  return stack.split("\n").flatMap((line): Place[] => {
    // What the engine says first of a syntax error has no column.
    const match = /(file:\/\/[^\s()]+?):(\d+):(\d+)\)?$/u.exec(line) ?? /^(file:\/\/\S+?):(\d+)$/u.exec(line);
    const file = match?.[1] && fileOf(match[1]);
    return file ? [{ file, line: Number(match[2]), column: Number(match[3] ?? 1) }] : [];
  });
}

/** The path that a file's URL stands for, its version left out. */
export function fileOf(url: string): string | undefined {
  return url.startsWith("file:") ? fileURLToPath(url.replace(/\?.*$/u, "")) : undefined;
}
