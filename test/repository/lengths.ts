import type { SourceFile } from "./files.ts";

/** Lines that a file of source may have. */
const longest = 300;

/** Source files that hold more than one idea, one line each. */
export function tooLong(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    return lines > longest ? [`${path}: ${lines} lines; split it, ${longest} is the most`] : [];
  });
}
