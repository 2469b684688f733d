import { SyntaxKind } from "ts-morph";
import type { Place } from "../load/stack.ts";
import type { SourceReader } from "./reader.ts";

export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** What stands at a place: the call or template there, up to the end of its line. */
export function spanAt(reader: SourceReader, place: Place): Span {
  const node = reader.nodeAt(place);
  const whole = node?.getFirstAncestor(
    (each) => each.isKind(SyntaxKind.CallExpression) || each.isKind(SyntaxKind.TaggedTemplateExpression),
  );
  const { line, column } = place;
  if (!node || !whole) return { line, column, length: 0 };
  const [first = ""] = whole
    .getText()
    .slice(node.getStart() - whole.getStart())
    .split("\n");
  return { line, column, length: first.length };
}
