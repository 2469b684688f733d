import type { Compilation } from "../../../dsl/compile/compiled.ts";

/** Prints what there is to say of runbooks. @returns whether there was anything */
export async function tellDiagnostics(compilations: readonly Compilation[], root: string): Promise<boolean> {
  const { printDiagnostics } = await import("../../../dsl/compile/compile.ts");
  const all = compilations.flatMap(({ diagnostics }) => diagnostics);
  // What two runbooks share is told once.
  const diagnostics = [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
  if (diagnostics.length > 0) process.stderr.write(`${await printDiagnostics(diagnostics, root)}\n\n`);
  return diagnostics.length > 0;
}
