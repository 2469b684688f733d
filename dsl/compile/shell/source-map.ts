import { Node } from "ts-morph";
import { dedent } from "../../dedent.ts";

/** A value where it stands in a command's text. */
export interface Interpolation {
  /** Of its opening quote in the text. */
  readonly offset: number;
  readonly variable: string;
}

/** How a command's text lies in the template it was written as. */
export interface SourceMap {
  readonly interpolations: readonly Interpolation[];
  /** Where a character of the text stands in the source file, counted from its beginning. */
  toSource(offset: number): number;
}

/** One character of the text before it was dedented, with where it stands in the file. */
interface Char {
  readonly text: string;
  readonly at: number;
  /** The last character of an interpolation. */
  readonly last?: number;
}

// Stands for a value while the text is aligned with its template; no source has it.
const hole = "\u0000";

/** Aligns a text with the template that it was assembled from. */
export function sourceMap(template: Node, text: string): SourceMap | undefined {
  const pieces = piecesOf(template);
  if (!pieces) return undefined;
  const chars = pieces.flatMap(({ raw, at, end }, index) => [
    ...decode(raw, at),
    ...(index < pieces.length - 1 ? [{ text: hole, at: end, last: (pieces[index + 1]?.at ?? end) - 1 }] : []),
  ]);
  return align(chars, text);
}

interface Piece {
  readonly raw: string;
  /** Where the piece begins, and where the `${` after it does. */
  readonly at: number;
  readonly end: number;
}

function piecesOf(template: Node): readonly Piece[] | undefined {
  if (Node.isNoSubstitutionTemplateLiteral(template)) return [piece(template, 1)];
  if (!Node.isTemplateExpression(template)) return undefined;
  const spans = template.getTemplateSpans().map((span) => span.getLiteral());
  return [
    piece(template.getHead(), 2),
    ...spans.map((literal, index) => piece(literal, index < spans.length - 1 ? 2 : 1)),
  ];
}

function piece(node: Node, closing: 1 | 2): Piece {
  const [start, end] = [node.getStart() + 1, node.getEnd() - closing];
  return { raw: node.getSourceFile().getFullText().slice(start, end), at: start, end };
}

/** The characters that a raw piece stands for; see `fromRaw`. */
function decode(raw: string, at: number): readonly Char[] {
  const chars: Char[] = [];
  for (let index = 0; index < raw.length; index += 1) {
    const [run = "", slashes = ""] = /^(\\+)(?:`|\$\{)/u.exec(raw.slice(index)) ?? [];
    if (run) {
      const kept = (slashes.length - 1) / 2;
      for (let slash = 0; slash < kept; slash += 1) chars.push({ text: "\\", at: at + index + slash * 2 });
      index += slashes.length;
    }
    // JavaScript reads CRLF in a template as one line break.
    if (raw.startsWith("\r\n", index)) continue;
    chars.push({ text: raw[index] ?? "", at: at + index });
  }
  return chars;
}

function align(chars: readonly Char[], text: string): SourceMap | undefined {
  const whole = chars.map((char) => char.text).join("");
  const laidOut = whole.split("\n");
  const dedented = dedent(whole).split("\n");
  // Whole lines are taken off at the beginning only; of a line, white space before it, and after the last.
  let start = (/^\s*/u.exec(whole)?.[0].split("\n").length ?? 1) - 1;
  let from = laidOut.slice(0, start).reduce((sum, line) => sum + line.length + 1, 0);
  const places: number[] = [];
  const interpolations: Interpolation[] = [];
  for (const line of dedented) {
    const skipped = (laidOut[start] ?? "").indexOf(line);
    for (const [index, char] of [...line.split(""), "\n"].entries()) {
      const { at = 0, last = at } = chars[from + skipped + index] ?? chars.at(-1) ?? {};
      if (char !== hole) {
        places.push(at);
        continue;
      }
      const variable = /^"\$([a-z][a-z0-9_]*)"/u.exec(text.slice(places.length))?.[1];
      if (variable === undefined) return undefined;
      interpolations.push({ offset: places.length, variable });
      // `"$name"`: its last character is the interpolation's last, all others its first.
      places.push(...Array.from({ length: variable.length + 2 }, () => at), last);
    }
    from += (laidOut[start] ?? "").length + 1;
    start += 1;
  }
  return { interpolations, toSource: (offset) => places[Math.min(offset, places.length - 1)] ?? 0 };
}
