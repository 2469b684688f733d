import { expect, it } from "vitest";
import { errorsOf, errorsPage } from "./errors-page.ts";
import { isModule, repositoryFiles, root } from "./files.ts";

const sources = (await repositoryFiles()).filter(
  (file) => isModule(file) && /^(?:dsl|runner|fixtures)\//u.test(file.path),
);
const errors = sources.flatMap(errorsOf);

it("no two errors have one code", () => {
  const codes = errors.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

it("every code that a source has in it is that of an error with words and a way out", () => {
  const used = sources.flatMap(({ text }) => [...text.matchAll(/"(DB\d{4})"/gu)].map(([, code = ""]) => code));
  expect(errors.map(({ code }) => code).sort()).toEqual(used.sort());
  for (const { what, remedy } of errors) for (const text of [what, remedy]) expect(text).toMatch(/\S/u);
});

it("docs/errors.md is current", async () => {
  await expect(errorsPage(errors)).toMatchFileSnapshot(`${root}docs/errors.md`);
});
