import { dedent } from "./dedent.ts";

/**
 * The text of a command, from the raw pieces of a template and the shell variables between them. `sh` and the shell of
 * an emitted script both make it here, so that a script's command is its plan's, byte for byte.
 */
export function assemble(pieces: readonly string[], variables: readonly string[]): string {
  return dedent(pieces.map((piece, index) => fromRaw(piece) + wordOf(variables[index])).join(""));
}

/** How a value stands in a command's text. */
export function wordOf(variable: string | undefined): string {
  return variable === undefined ? "" : `"$${variable}"`;
}

/**
 * What a template's raw piece means: a backslash is the shell's, except that JavaScript wants one before a backtick
 * or `${`, and so two for every backslash that really precedes these.
 */
export function fromRaw(raw: string): string {
  return raw.replace(
    /(\\+)(`|\$\{)/gu,
    (_, slashes: string, mark: string) => `${"\\".repeat((slashes.length - 1) / 2)}${mark}`,
  );
}

/** The raw piece that means `text`. */
export function toRaw(text: string): string {
  return text.replace(
    /(\\*)(`|\$\{)/gu,
    (_, slashes: string, mark: string) => `${"\\".repeat(slashes.length * 2 + 1)}${mark}`,
  );
}
