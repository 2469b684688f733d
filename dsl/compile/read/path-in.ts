import { relative } from "node:path";

/** A file's path as plans and messages name it: relative to the project, with forward slashes. */
export function pathIn(root: string, file: string): string {
  return relative(root, file).replaceAll("\\", "/");
}
