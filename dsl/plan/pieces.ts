import type { Command } from "./plan.ts";

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
