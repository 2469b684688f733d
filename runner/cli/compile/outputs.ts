import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Compiled } from "../../../dsl/compile/compiled.ts";
import type { Kit } from "../../build/kit.ts";
import type { RuntimeFile } from "../../build/runtime.ts";
import type { Statement } from "../../drill/evidence/statement.ts";
import { rehearsalsOf, writeRehearsals } from "./rehearsals.ts";

const pages = join("docs", "runbooks");

/** The folder of the project's kit. */
export function kitFolder(root: string): string {
  return join(root, ".drillbook", "kit");
}

/** A runbook's page, as it has to be. */
export function pageOf(compiled: Compiled, evidence: readonly Statement[]): string {
  return compiled.page(rehearsalsOf(evidence, compiled.plan, compiled.planSha256));
}

/** Writes all that is made of runbooks: pages into the documents; scripts, plans and pages into the kit. */
export async function writeOutputs(
  root: string,
  compiled: readonly Compiled[],
  evidence: readonly Statement[],
  runtime: RuntimeFile,
  html: boolean,
): Promise<Kit> {
  const { writeKit } = await import("../../build/kit.ts");
  const kit = await writeKit(kitFolder(root), compiled, runtime);
  for (const each of compiled) {
    const { id } = each.plan;
    const page = pageOf(each, evidence);
    await write(join(root, pages, `${id}.md`), page);
    await write(join(kit.folder, `${id}.md`), page);
    await write(join(kit.folder, `${id}.plan.json`), each.planBytes);
    await write(join(kit.folder, `${id}.plan.source.json`), `${JSON.stringify(each.source, undefined, 2)}\n`);
    if (html) await write(join(kit.folder, `${id}.html`), await asHtml(page));
  }
  await writeRehearsals(kit.folder, root, compiled);
  return kit;
}

/** The pages in the documents that are not as they would be written now, relative to the project. */
export async function stalePages(
  root: string,
  compiled: readonly Compiled[],
  evidence: readonly Statement[],
): Promise<readonly string[]> {
  const stale = await Promise.all(
    compiled.map(async (each) => {
      const file = join(pages, `${each.plan.id}.md`);
      const written = await readFile(join(root, file), "utf8").catch(() => "");
      return written === pageOf(each, evidence) ? [] : [file];
    }),
  );
  return stale.flat();
}

/** Pages in the documents that no runbook has. */
export async function orphanPages(root: string, names: readonly string[]): Promise<readonly string[]> {
  const files = await readdir(join(root, pages)).catch(() => []);
  return files
    .filter((file) => file.endsWith(".md") && !names.includes(file.slice(0, -3)))
    .map((file) => join(pages, file));
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function asHtml(page: string): Promise<string> {
  const { pageHtml } = await import("../../../dsl/compile/emit/page/html.ts");
  return pageHtml(page);
}
