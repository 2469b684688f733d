import type { Command } from "../../plan/plan.ts";
import { toRaw } from "../../template.ts";

/** A command's text cut at its values: one piece more than there are variables. */
export interface Pieces {
  readonly pieces: readonly string[];
  readonly variables: readonly string[];
}

/** Cuts a command's text where `"$name"` carries one of its values. An escaped quote opens no word. */
export function cut({ text, vars }: Command): Pieces {
  const pieces: string[] = [];
  const variables: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/(\\*)"\$([a-z][a-z0-9_]*)"/gu)) {
    const [whole, slashes = "", name = ""] = match;
    if (slashes.length % 2 === 1 || !Object.hasOwn(vars, name)) continue;
    pieces.push(text.slice(from, match.index + slashes.length));
    variables.push(name);
    from = match.index + whole.length;
  }
  return { pieces: [...pieces, text.slice(from)], variables };
}

/**
 * A command as a template of the step's `$`, its values by their names in the script. Several lines are laid out with
 * the script's indentation, which `assemble` takes off again.
 */
export function template(command: Command, names: ReadonlyMap<string, string>, indent: number): string {
  const { pieces, variables } = cut(command);
  const raw = pieces.map(toRaw).reduce((text, piece, index) => {
    const variable = variables[index - 1] ?? "";
    return `${text}\${${names.get(command.vars[variable] ?? "")}}${piece}`;
  });
  // A backslash that ends the text would escape the closing backtick.
  const inline = !raw.includes("\n") && !/(?<!\\)(?:\\\\)*\\$/u.test(raw);
  if (inline) return `$\`${raw}\``;
  const pad = " ".repeat(indent + 2);
  const lines = raw.split("\n").map((line) => (line === "" ? line : pad + line));
  return `$\`\n${lines.join("\n")}\n${" ".repeat(indent)}\``;
}
