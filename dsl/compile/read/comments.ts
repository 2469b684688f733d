import { Node, SyntaxKind } from "ts-morph";

/**
 * What the author wrote right above a call, or above the statement that it is, and above the members of its options:
 * without the comments' marks.
 */
export function commentAbove(at: Node): string | undefined {
  const call = at.getFirstAncestorByKind(SyntaxKind.CallExpression);
  const options = call?.getArguments().find((argument) => Node.isObjectLiteralExpression(argument));
  const nodes = [call && (statementOf(call) ?? call), ...(options?.getProperties() ?? [])];
  return nodes.flatMap((node) => (node && leading(node)) || []).join("\n\n") || undefined;
}

function leading(node: Node): string {
  const text = node.getSourceFile().getFullText();
  const lines: string[] = [];
  let next = node.getStart();
  for (const range of node.getLeadingCommentRanges().toReversed()) {
    // A blank line sets apart what is not about this node.
    if (/\n[^\S\n]*\n/u.test(text.slice(range.getEnd(), next))) break;
    if (!isDirective(range.getText())) lines.unshift(unmark(range.getText()));
    next = range.getPos();
  }
  return lines.join("\n").trim();
}

/** The doc comment of a file's default export, up to its first tag. */
export function docOfDefaultExport(runbookCall: Node): string {
  const statement = runbookCall.getFirstAncestorByKind(SyntaxKind.ExportAssignment);
  const doc = statement?.getLeadingCommentRanges().findLast((range) => range.getText().startsWith("/**"));
  return doc
    ? unmark(doc.getText())
        .replace(/(?:^|\n)@[a-z][^]*$/u, "")
        .trim()
    : "";
}

/** The statement whose whole point is this call: `const x = call(…)`, `call(…)`, `return call(…)`. */
function statementOf(call: Node): Node | undefined {
  for (let node = call; ;) {
    const parent = node.getParent();
    if (!parent || Node.isCallExpression(parent) || Node.isArrowFunction(parent)) return undefined;
    if (Node.isStatement(parent)) return parent;
    node = parent;
  }
}

function isDirective(comment: string): boolean {
  return /^(?:\/\/|\/\*)\s*(?:@ts-|prettier-|oxlint-|eslint-)/u.test(comment);
}

function unmark(comment: string): string {
  if (comment.startsWith("//")) return comment.replace(/^\/\/ ?/u, "");
  return comment
    .replace(/^\/\*\*?/u, "")
    .replace(/\*\/$/u, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/u, "").trimEnd())
    .join("\n")
    .trim();
}
