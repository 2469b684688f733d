/** How a stream may be written to: colours only for a person who wants them, and no wider than the window. */
export interface Style {
  readonly columns: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

export function styleOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Style {
  const coloured = stream.isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const paint = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { columns: stream.columns || 100, bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31) };
}

/** A text that came from a machine, fit for a terminal: no control characters but line breaks and tabs. */
export function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what must not reach the terminal
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, "\ufffd");
}

/** The first line of a text, cut to so many columns. */
export function oneLine(text: string, columns: number): string {
  const [first = "", ...rest] = text.split("\n");
  const room = Math.max(8, columns);
  if (first.length > room) return `${first.slice(0, room - 1)}…`;
  return rest.length > 0 ? `${first.slice(0, room - 1)}…` : first;
}
