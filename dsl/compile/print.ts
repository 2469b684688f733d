import type { Diagnostic } from "./diagnostic.ts";

/**
 * A diagnostic for a terminal: place, code and what is wrong; the line of source with the part underlined; the way out.
 * @param source of the diagnostic's file, where it can be read
 */
export function printDiagnostic(diagnostic: Diagnostic, source: string | undefined): string {
  const { code, severity, message, remedy, file, line, column, length } = diagnostic;
  const text = source?.split("\n")[line - 1];
  const marked = text === undefined ? [] : [`    ${text}`, `    ${underline(text, column, length)}`];
  return [`${file}:${line}:${column} ${severity} ${code}: ${message}`, ...marked, `    ${remedy}`].join("\n");
}

function underline(text: string, column: number, length: number): string {
  // Tabs stay tabs, so that the marks stand under what they mark.
  const before = text.slice(0, column - 1).replace(/[^\t]/gu, " ");
  return before + "^".padEnd(Math.min(Math.max(length, 1), text.length - column + 1), "~");
}
