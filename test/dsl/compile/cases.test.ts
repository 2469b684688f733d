import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { compileAll, printDiagnostics } from "../../../dsl/compile/compile.ts";
import type { Compilation, Compiled } from "../../../dsl/compile/compiled.ts";
import { walk } from "../../../dsl/plan/walk.ts";
import { runtime } from "./emit/recorded.ts";

/** Golden cases: test/cases/<title>/. `npm test -- -u` writes what is expected anew. */
const root = fileURLToPath(new URL("../../cases/", import.meta.url));
const titles = (await readdir(root)).sort();
const accepted = ["a-backup", "every-kind-of-step", "one-step-on-many-hosts", "one-runbook-for-many-servers"];

let compilations: ReadonlyMap<string, Compilation>;
beforeAll(async () => {
  const compiled = await compileAll(
    titles.map((title) => `${title}/runbook.ts`),
    { root },
  );
  compilations = new Map(titles.map((title, index) => [title, compiled[index] as Compilation]));
});

it.each(titles)("%s: says what is wrong, at its place", async (title) => {
  const { ok, diagnostics } = compilations.get(title) as Compilation;
  const printed = await printDiagnostics(diagnostics, root);
  await expect(printed === "" ? "" : `${printed}\n`).toMatchFileSnapshot(`${root}${title}/diagnostics.txt`);
  expect(ok).toBe(accepted.includes(title));
});

it.each(accepted)("%s: gives its plan, script and page", async (title) => {
  const { plan, script, page } = compilations.get(title) as Compiled;
  await expect(`${JSON.stringify(plan, undefined, 2)}\n`).toMatchFileSnapshot(`${root}${title}/plan.json`);
  await expect(script(runtime)).toMatchFileSnapshot(`${root}${title}/script.mjs`);
  await expect(page()).toMatchFileSnapshot(`${root}${title}/page.md`);
});

it("every kind of step is in some golden plan, script and page", () => {
  const all = ["every-kind-of-step", "one-step-on-many-hosts"].map((title) => compilations.get(title) as Compiled);
  const kinds = all.flatMap(({ plan }) => [...walk(plan.steps)]);
  expect(new Set(kinds.map(({ kind }) => kind))).toEqual(
    new Set(["read", "change", "confirm", "when", "for-each", "on-each"]),
  );
  for (const compiled of all) {
    for (const { id, title } of walk(compiled.plan.steps)) {
      expect(compiled.script(runtime)).toContain(`("${id}", {`);
      expect(compiled.page()).toContain(`. ${title}\n`);
      expect(compiled.source.steps).toHaveProperty([id]);
    }
  }
});

it("what an author comments shows on the page and nowhere else", async () => {
  const compiled = compilations.get("every-kind-of-step") as Compiled;
  const file = await readFile(`${root}every-kind-of-step/runbook.ts`, "utf8");
  for (const comment of ["A size decides whether there is room.", "pg_restore takes its options before the file."]) {
    expect(file).toContain(comment);
    expect(compiled.page()).toContain(comment);
    expect(compiled.script(runtime)).not.toContain(comment);
    expect(compiled.planBytes).not.toContain(comment);
  }
  // A blank line stands between this one and the step below it.
  expect(compiled.page()).not.toContain("A hub that stays up");
});
