import type shell from "mvdan-sh";
import type { ShellNode } from "./node.ts";

type Syntax = (typeof shell)["syntax"];
type RawNode = ReturnType<ReturnType<Syntax["NewParser"]>["Parse"]>;

/** A text as bash reads it, or where bash stops understanding it. */
export type Parsed =
  { readonly tree: ShellNode } | { readonly tree?: undefined; readonly offset: number; readonly message: string };

export type ShellParser = (text: string) => Parsed;

let parser: Promise<ShellParser> | undefined;

/** The parser of bash. It takes a moment to load, so it is loaded once, and only when there is a command to read. */
export function shellParser(): Promise<ShellParser> {
  return (parser ??= load());
}

async function load(): Promise<ShellParser> {
  const { syntax } = (await import("mvdan-sh")).default;
  const bash = syntax.NewParser(syntax.KeepComments(true), syntax.Variant(syntax.LangBash));
  return (text) => {
    try {
      return { tree: treeOf(syntax, bash.Parse(text, ""), utf16Offsets(text)) };
    } catch (error) {
      return failure(error, text);
    }
  };
}

function treeOf(syntax: Syntax, file: RawNode, offsets: (bytes: number) => number): ShellNode {
  const open: (ShellNode & { readonly children: ShellNode[] })[] = [];
  let root: ShellNode | undefined;
  syntax.Walk(file, (raw) => {
    if (raw === null) return open.pop() !== undefined;
    const parent = open.at(-1);
    const node = {
      type: syntax.NodeType(raw),
      start: offsets(raw.Pos().Offset()),
      end: offsets(raw.End().Offset()),
      parent,
      children: [],
      value: typeof raw.Value === "string" ? raw.Value : undefined,
      negated: raw.Negated === true,
      background: raw.Background === true,
    };
    parent?.children.push(node);
    root ??= node;
    open.push(node);
    return true;
  });
  if (!root) throw new Error("The shell parser gave no tree.");
  return root;
}

/** The parser counts bytes of UTF-8. */
function utf16Offsets(text: string): (bytes: number) => number {
  const bytes = Buffer.from(text);
  return bytes.length === text.length ? (offset) => offset : (offset) => bytes.toString("utf8", 0, offset).length;
}

function failure(error: unknown, text: string): Parsed {
  const told = error as { Error?: () => string };
  const said = told.Error?.() ?? String(error);
  const [, line = "1", column = "1", message = said] = /^(\d+):(\d+): ([^]*)$/u.exec(said) ?? [];
  const before = text.split("\n").slice(0, Number(line) - 1);
  return { offset: before.reduce((sum, each) => sum + each.length + 1, 0) + Number(column) - 1, message };
}
