import type { Diagnostic } from "../diagnostic.ts";
import { pathIn } from "../read/path-in.ts";
import type { SourceReader } from "../read/reader.ts";
import type { Finding } from "./finding.ts";

/** Findings as diagnostics: places by line and column, each problem at a place told once. */
export function diagnosticsOf(findings: readonly Finding[], reader: SourceReader, root: string): readonly Diagnostic[] {
  const all = findings.map(({ code, message, remedy, severity, at }): Diagnostic => {
    const file = reader.file(at.file);
    const { line, column } = file.getLineAndColumnAtPos(at.start);
    const [first = ""] = file.getFullText().slice(at.start, at.end).split("\n");
    return { code, severity, message, remedy, file: pathIn(root, at.file), line, column, length: first.length };
  });
  const key = ({ code, file, line, column }: Diagnostic): string => `${code} ${file}:${line}:${column}`;
  return [...new Map(all.map((diagnostic) => [key(diagnostic), diagnostic])).values()];
}
