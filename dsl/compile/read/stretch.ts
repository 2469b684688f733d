import { Node, SyntaxKind } from "ts-morph";
import type { Stretch } from "../lint/finding.ts";
import type { Place } from "../load/stack.ts";
import type { SourceReader } from "./reader.ts";

/** The call at a place with its first argument: `change("Load the dump"`. */
export function callAt(reader: SourceReader, place: Place): Stretch {
  const node = reader.nodeAt(place);
  const call = node?.getFirstAncestorByKind(SyntaxKind.CallExpression);
  const start = node?.getStart() ?? 0;
  return { file: place.file, start, end: call?.getArguments()[0]?.getEnd() ?? node?.getEnd() ?? start };
}

/** What begins at a place, as far as the innermost call or template that it begins. */
export function expressionAt(reader: SourceReader, place: Place): Stretch {
  const node = reader.nodeAt(place);
  const whole = node?.getFirstAncestor((each) => Node.isCallExpression(each) || Node.isTaggedTemplateExpression(each));
  const start = node?.getStart() ?? 0;
  return { file: place.file, start, end: whole?.getEnd() ?? start };
}
