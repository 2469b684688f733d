import { lineAt, type SourceFile } from "./files.ts";

/** Text that belongs to one machine, or names the host of a package registry. */
const forbidden: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a path of somebody's machine", pattern: /(?<![\w./-])\/(?:Users|builds|work|workspaces?|__w)\/[\w.-]+/gu },
  { what: "a path of somebody's machine", pattern: /[/\\]home[/\\][\w-]+[/\\](?:src|code|git|projects)\b/gu },
  { what: "a package registry's host", pattern: /https?:\/\/(?:archive|deb|ftp|mirror|registry|security)\.[\w.-]+/gu },
  { what: "a package registry's host", pattern: /"resolved": *"https?:/gu },
];

/** Every place where a file speaks of one machine, one line each. */
export function machineText(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    forbidden.flatMap(({ what, pattern }) =>
      [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)}: ${what}: ${match[0]}`),
    ),
  );
}
