import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Compilation, Compiled } from "./compiled.ts";
import { Compiler } from "./compiler.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { printDiagnostic } from "./print.ts";

export interface CompileOptions {
  /** The project's folder, absolute: paths in plans and messages are relative to it. */
  readonly root: string;
}

/** A runbook was refused. Its message is all the diagnostics, printed. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], printed: string) {
    super(printed);
    this.diagnostics = diagnostics;
  }
}

/**
 * Compiles one runbook.
 * @throws CompileError when it has errors
 */
export async function compile(file: string, options: CompileOptions): Promise<Compiled> {
  const [compilation] = await compileAll([file], options);
  if (compilation?.ok) return compilation;
  const diagnostics = compilation?.diagnostics ?? [];
  throw new CompileError(diagnostics, await printDiagnostics(diagnostics, options.root));
}

/** Compiles runbooks together, which is faster than one by one. Gives what came of each, in the order of the files. */
export async function compileAll(files: readonly string[], { root }: CompileOptions): Promise<readonly Compilation[]> {
  await using compiler = new Compiler(root);
  return await compiler.compile(files.map((file) => resolve(root, file)));
}

/** Diagnostics for a terminal, each with its line of source. */
export async function printDiagnostics(diagnostics: readonly Diagnostic[], root: string): Promise<string> {
  const printed = diagnostics.map(async (diagnostic) => {
    const source = await readFile(resolve(root, diagnostic.file), "utf8").catch(() => undefined);
    return printDiagnostic(diagnostic, source);
  });
  return (await Promise.all(printed)).join("\n\n");
}
