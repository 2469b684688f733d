import type { Interpolation } from "./source-map.ts";
import { ancestor, within, type ShellNode } from "./node.ts";

/** How a value stands in a command. */
export type Standing =
  /** As a word of its own. */
  | { readonly as: "word"; readonly word: ShellNode }
  /** As a part of a word. */
  | { readonly as: "part"; readonly word: ShellNode }
  /** Inside something where it is no word at all. */
  | { readonly as: "enclosed"; readonly by: string };

export function standingOf(tree: ShellNode, { offset, variable }: Interpolation): Standing {
  const end = offset + variable.length + 3;
  const nodes = [...within(tree)];
  const quoted = nodes.find((node) => node.type === "DblQuoted" && node.start === offset && node.end === end);
  const word = quoted?.parent;
  if (word && inHereDocument(word)) return { as: "enclosed", by: "a here-document" };
  if (word?.type === "Word") return { as: word.children.length === 1 ? "word" : "part", word };
  const around = nodes.findLast((node) => node.start <= offset && node.end > offset);
  return { as: "enclosed", by: around ? enclosure(around) : "a comment" };
}

function enclosure(node: ShellNode): string {
  if (node.type === "Comment") return "a comment";
  if (inHereDocument(node)) return "a here-document";
  return node.type === "SglQuoted" ? "single quotes" : "double quotes";
}

/** The text of a here-document is the second word of its redirection. */
function inHereDocument(node: ShellNode): boolean {
  const redirect = node.type === "Redirect" ? node : ancestor(node, "Redirect");
  const text = redirect?.children.filter(({ type }) => type === "Word")[1];
  return text !== undefined && text.start <= node.start && node.end <= text.end;
}
