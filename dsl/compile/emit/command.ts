import { cut } from "../../plan/pieces.ts";
import type { Command } from "../../plan/plan.ts";
import { toRaw } from "../../template.ts";

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
