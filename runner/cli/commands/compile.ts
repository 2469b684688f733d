import type { Command } from "commander";
import type { CompileFlags } from "../compile/flags.ts";

/** `drillbook compile [runbook…]`: scripts into the kit, pages into the documents. */
export function compileCommand(program: Command): void {
  program
    .command("compile [runbook...]")
    .description("check runbooks and write what is made of them: script, plan and page; all where none is named")
    .option("--check", "write nothing; fail when something is to be said, or a page is not what it would be")
    .option("--watch", "compile again whenever a runbook, or what it imports, changes")
    .option("--html", "write pages as HTML too, each a file that needs nothing beside it")
    .option("--json", "say what was compiled as JSON")
    .action(async (names: readonly string[], flags: CompileFlags) => {
      const { compileProject } = await import("../compile/compile-project.ts");
      process.exitCode = await compileProject(names, flags);
    });
}
