import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileAll } from "../../../../dsl/compile/compile.ts";
import type { Compilation } from "../../../../dsl/compile/compiled.ts";
import { planRules, sourceRules } from "../../../../dsl/compile/lint/index.ts";
import { projectFolder, type ProjectFolder } from "../project-folder.ts";
import type { Case, Refused, RuleCases } from "./rule-cases.ts";

const folder = new URL("rules/", import.meta.url);
const modules = await Promise.all(
  (await readdir(folder)).map((file) => import(new URL(file, folder).href) as Promise<{ readonly cases: RuleCases }>),
);
const all = modules.map(({ cases }) => cases);

/** The name of a case's file, and of the runbook in it. */
const nameOf = (rule: string, { title }: Case): string =>
  `${rule} ${title}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/-$/u, "")
    .slice(0, 64)
    .replace(/-$/u, "");
const sourceOf = (rule: string, each: Case): string => each.source.replaceAll("CASE", nameOf(rule, each));

let project: ProjectFolder;
let compilations: ReadonlyMap<string, Compilation>;

beforeAll(async () => {
  const entries = all.flatMap(({ rule, refused, accepted }) =>
    [...refused, ...accepted].map(
      (each) => [`${nameOf(rule, each)}.ts`, sourceOf(rule, each).replace(/[«»]/gu, "")] as const,
    ),
  );
  expect(new Set(entries.map(([file]) => file)).size).toBe(entries.length);
  project = await projectFolder(Object.fromEntries(entries));
  const compiled = await compileAll(
    entries.map(([file]) => file),
    { root: project.root },
  );
  compilations = new Map(compiled.map((each) => [each.file, each]));
});
afterAll(() => project[Symbol.asyncDispose]());

it("every rule has cases, and every case a rule", () => {
  expect(all.map(({ rule }) => rule).sort()).toEqual([...sourceRules, ...planRules].map(({ name }) => name).sort());
});

describe.each(all)("$rule", ({ rule, refused, accepted }) => {
  it.each(refused)("refuses: $title", (each) => {
    const found = compilations.get(`${nameOf(rule, each)}.ts`)?.diagnostics ?? [];
    expect(found.map(({ code, line, column, length }) => ({ code, line, column, length }))).toEqual([
      expected(rule, each),
    ]);
    expect(found[0]?.remedy).toMatch(/\S/u);
  });

  it.each(accepted)("accepts: $title", (each) => {
    expect(compilations.get(`${nameOf(rule, each)}.ts`)?.diagnostics).toEqual([]);
  });
});

/** Where the marks of a case stand, as a diagnostic tells it. */
function expected(rule: string, each: Refused): { code: string; line: number; column: number; length: number } {
  const source = sourceOf(rule, each);
  const before = source.slice(0, source.indexOf("«")).split("\n");
  const [marked = ""] = source.slice(source.indexOf("«") + 1, source.indexOf("»")).split("\n");
  return { code: each.code, line: before.length, column: (before.at(-1) ?? "").length + 1, length: marked.length };
}
