import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "../../fixtures/engine/install.ts";
import type { ShellText } from "./shell-texts.ts";
import { run } from "./tool.ts";

// A value that a longer word needs is first given a name of its own, which may be the one it has.
const allowed = ["--exclude=SC2269"];

interface Comment {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

/** What ShellCheck says of the texts, one line each. */
export async function shellcheck(texts: readonly ShellText[]): Promise<readonly string[]> {
  await ensureInstalled();
  const folder = await mkdtemp(join(tmpdir(), "shell-texts-"));
  try {
    const named = new Map(texts.map((text, index) => [join(folder, `${index}.sh`), text]));
    await Promise.all([...named].map(([file, text]) => writeFile(file, heading(text) + text.text)));
    const { status, output } = await run("shellcheck", "--format=json1", ...allowed, ...named.keys());
    // 0 and 1 are its verdicts; anything else means that it did not look.
    if (status !== 0 && status !== 1) return [`shellcheck ended with status ${status}: ${output}`];
    const { comments } = JSON.parse(output) as { readonly comments: readonly Comment[] };
    return comments.map(({ file, line, column, code, message }) => {
      const text = named.get(file);
      const itsLine = text ? line - heading(text).split("\n").length + 1 : line;
      return `${text?.from ?? file}:${itsLine}:${column}: SC${code} ${message}`;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A command is bash, strict, and its values are there before it begins. A script says for itself what it is. */
function heading({ text, given }: ShellText): string {
  if (text.startsWith("#!")) return "";
  return `#!/bin/bash\nset -euo pipefail\n${given.length > 0 ? `read -r ${given.join(" ")}\n` : ""}`;
}

async function ensureInstalled(): Promise<void> {
  const present = await run("shellcheck", "--version").catch(() => undefined);
  if (present) return;
  if (
    process.platform !== "linux" ||
    process.getuid?.() !== 0 ||
    !(await run("apt-get", "--version").catch(() => undefined))
  )
    throw new Error(
      "shellcheck is not installed.\n  Install it: sudo apt-get install shellcheck, or brew install shellcheck",
    );
  await aptInstall(["shellcheck"], (doing) => process.stderr.write(`shellcheck: ${doing}\n`));
}
