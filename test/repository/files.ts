import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A file of the repository: its path from the root, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every text file that git tracks or would track. */
export async function repositoryFiles(): Promise<readonly SourceFile[]> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const { stdout } = await promisify(execFile)("git", list, { cwd: root, maxBuffer: 2 ** 26 });
  const paths = stdout.split("\0").filter((path) => path !== "" && existsSync(root + path));
  const files = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(root + path, "utf8") })));
  return files.filter(({ text }) => !text.includes("\0"));
}

/** TypeScript and JavaScript. */
export function isModule({ path }: SourceFile): boolean {
  return /\.(?:ts|mjs|js)$/u.test(path);
}

/** Shell, by its name or its first line. */
export function isShell({ path, text }: SourceFile): boolean {
  return path.endsWith(".sh") || /^#!.*\b(?:ba|da)?sh\b/u.test(text);
}

/** Where a character of a text stands, as an editor counts. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
