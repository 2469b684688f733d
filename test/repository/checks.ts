import { readFile } from "node:fs/promises";
import { wrongArrows } from "./arrows.ts";
import { isModule, isShell, repositoryFiles, root } from "./files.ts";
import { machineText } from "./house-text.ts";
import { importsOf } from "./imports.ts";
import { lockfileGaps, type Lockfile } from "./lockfile.ts";
import { tooLong } from "./lengths.ts";
import { shellTexts } from "./shell-texts.ts";
import { shellcheck } from "./shellcheck.ts";
import { complaints } from "./tool.ts";

/** One question about the repository. */
export interface Check {
  readonly title: string;
  /** What is wrong, for a person; empty when nothing is. */
  find(): Promise<string>;
}

const files = repositoryFiles();

// Not where prettier would keep it: a run without a cache removes that one.
const prettierCache = ["--cache", "--cache-location=.drillbook/prettier-cache"];

/** All that `npm run check` asks; what takes longest comes first. */
export const checks: readonly Check[] = [
  { title: "package builds and publishes", find: packageLint },
  { title: "formatting", find: () => complaints("prettier", "--check", "--log-level=warn", ...prettierCache, ".") },
  { title: "types", find: () => complaints("tsc", "-p", ".") },
  { title: "lint, with types", find: () => complaints("oxlint") },
  { title: "dead code", find: () => complaints("knip") },
  { title: "shell texts", find: async () => lines(await shellcheck(await shellTexts(await files))) },
  { title: "runbooks compile", find: () => complaints("node", "runner/cli/main.ts", "compile", "--check") },
  {
    title: "lockfile",
    find: async () => lines(lockfileGaps(JSON.parse(await readFile(`${root}package-lock.json`, "utf8")) as Lockfile)),
  },
  { title: "import arrows", find: async () => lines(wrongArrows((await files).filter(isModule).flatMap(importsOf))) },
  {
    title: "file lengths",
    find: async () => lines(tooLong((await files).filter((file) => isModule(file) || isShell(file)))),
  },
  { title: "no machine's own text", find: async () => lines(machineText(await files)) },
];

async function packageLint(): Promise<string> {
  const build = await complaints("node", "runner/setup/build.ts");
  if (build) return build;
  return (
    (await complaints("publint", "dist", "--strict")) || (await complaints("node", "dist/runner/cli/main.js", "--help"))
  );
}

function lines(problems: readonly string[]): string {
  return problems.join("\n");
}
