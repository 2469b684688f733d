/** A node of a shell text's syntax tree. Offsets count UTF-16 code units from the beginning of the text. */
export interface ShellNode {
  /** As the parser names it: `CallExpr`, `Word`, `DblQuoted`, … */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly parent: ShellNode | undefined;
  readonly children: readonly ShellNode[];
  /** What a literal says, quotes and escapes as they were written. */
  readonly value: string | undefined;
  /** A statement with a `!` before it. */
  readonly negated: boolean;
  /** A statement with a `&` after it. */
  readonly background: boolean;
}

/** A node and all below it, in the order of the text. */
export function* within(node: ShellNode): Generator<ShellNode, void, undefined> {
  yield node;
  for (const child of node.children) yield* within(child);
}

export function ancestor(node: ShellNode, type: string): ShellNode | undefined {
  for (let at = node.parent; at; at = at.parent) if (at.type === type) return at;
  return undefined;
}

/** The constant text of a word, its quotes taken off; none where something is expanded in it. */
export function constantOf(word: ShellNode): string | undefined {
  const texts = word.children.map((part) => {
    if (part.type === "Lit" || part.type === "SglQuoted") return part.value;
    return part.type === "DblQuoted" ? constantOf(part) : undefined;
  });
  return texts.every((text) => text !== undefined) ? texts.join("") : undefined;
}

/** The words of a simple command, the program first; assignments before it left out. */
export function wordsOf(call: ShellNode): readonly ShellNode[] {
  return call.children.filter(({ type }) => type === "Word");
}

/** The variable that a parameter expansion expands. */
export function expandedName(expansion: ShellNode): string {
  return expansion.children.find(({ type }) => type === "Lit")?.value ?? "";
}
