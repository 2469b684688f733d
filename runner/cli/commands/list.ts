import type { Command } from "commander";

/** `drillbook list`: the project's runbooks. */
export function listCommand(program: Command): void {
  program
    .command("list")
    .description("the runbooks of this project, with what they are for")
    .option("--json", "as one JSON list")
    .action(async (flags: { readonly json?: true }) => {
      const { listProject } = await import("../compile/list-project.ts");
      process.exitCode = await listProject(flags);
    });
}
