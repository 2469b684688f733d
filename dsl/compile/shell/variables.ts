import { constantOf, within, wordsOf, type ShellNode } from "./node.ts";

/** The variables that a text sets itself, wherever in it. */
export function assignedIn(tree: ShellNode): ReadonlySet<string> {
  return new Set([...within(tree)].flatMap(assignedBy));
}

function assignedBy(node: ShellNode): readonly string[] {
  const literal = node.children.find(({ type }) => type === "Lit")?.value;
  switch (node.type) {
    case "Assign":
    case "WordIter":
      return literal === undefined ? [] : [literal];
    case "CallExpr":
      return setByBuiltin(wordsOf(node).map((word) => constantOf(word) ?? ""));
    case "BinaryArithm":
    case "UnaryArithm":
      return setInArithmetic(node);
    case "Redirect":
      return literal !== undefined && /^\{\w+\}$/u.test(literal) ? [literal.slice(1, -1)] : [];
    default:
      return [];
  }
}

function setByBuiltin([program = "", ...args]: readonly string[]): readonly string[] {
  const names = args.filter((arg) => /^[A-Za-z_]\w*$/u.test(arg));
  if (program === "read") return names.length > 0 ? names : ["REPLY"];
  if (program === "mapfile" || program === "readarray") return names.length > 0 ? names : ["MAPFILE"];
  if (program === "printf" || program === "wait")
    return args.flatMap((arg, index) => (/^-[vp]$/u.test(arg) ? args.slice(index + 1, index + 2) : []));
  if (program === "getopts") return [...args.slice(1, 2), "OPTARG", "OPTIND"];
  return [];
}

/** `n = 1`, `n += 1`, `n++`: the name is the first word below. */
function setInArithmetic(node: ShellNode): readonly string[] {
  const word = node.children[0];
  const name = word?.type === "Word" ? constantOf(word) : undefined;
  return name !== undefined && /^[A-Za-z_]\w*$/u.test(name) ? [name] : [];
}
