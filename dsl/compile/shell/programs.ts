import { constantOf, within, wordsOf, type ShellNode } from "./node.ts";

/** A program that a command calls, with what it is given. */
export interface Call {
  /** Without its folder. */
  readonly program: string;
  /** The word that names it. */
  readonly name: ShellNode;
  readonly args: readonly ShellNode[];
}

// Programs that run the program their arguments name.
const wrappers = new Set(
  (
    "sudo doas runuser su env nice ionice timeout xargs nohup exec command builtin setsid flock systemd-run find chroot " +
    "stdbuf time watch parallel chronic nsenter unshare setpriv"
  ).split(" "),
);

/** Every program that a text calls, also through a program that runs another. */
export function callsIn(tree: ShellNode): readonly Call[] {
  return [...within(tree)].filter(({ type }) => type === "CallExpr").flatMap((call) => calls(wordsOf(call)));
}

function calls(words: readonly ShellNode[]): readonly Call[] {
  const [first, ...args] = words;
  const named = first && constantOf(first);
  if (!first || named === undefined) return [];
  const program = named.replace(/^.*\//u, "");
  const call = { program, name: first, args };
  // Which word names the inner program depends on the wrapper's options: each is taken for one.
  return wrappers.has(program) ? [call, ...args.flatMap((_, index) => calls(args.slice(index)).slice(0, 1))] : [call];
}
