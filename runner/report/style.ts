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
  return { columns: columnsOf(stream), bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31) };
}

/** How wide a stream's window is; where there is none, as wide as a line is good to read. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.columns || 100;
}

/** A text that came from a machine, fit for a terminal: no control characters but line breaks and tabs. */
export function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what must not reach the terminal
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, "\ufffd");
}

/** A line cut to so many columns of a terminal. */
export function fit(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (widthOf(cut) + widthOf(segment) > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** How many columns a terminal needs for it: two for East Asian letters and pictures, none for marks on a letter. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** The first line of a text, cut to so many columns. */
export function oneLine(text: string, columns: number): string {
  const [first = "", ...rest] = text.split("\n");
  const room = Math.max(8, columns);
  if (first.length > room) return `${first.slice(0, room - 1)}…`;
  return rest.length > 0 ? `${first.slice(0, room - 1)}…` : first;
}
