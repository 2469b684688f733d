import { fileURLToPath } from "node:url";

const language = fileURLToPath(new URL("../../", import.meta.url));

/** Whether a file is the authors' own: neither the language's nor a package's. */
export function isTheirs(file: string): boolean {
  return !file.startsWith(language) && !file.includes("/node_modules/");
}
