import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compile, CompileError } from "../../../dsl/compile/compile.ts";
import type { Compilation, Compiled, Refused } from "../../../dsl/compile/compiled.ts";
import { Compiler } from "../../../dsl/compile/compiler.ts";
import { projectFolder, type ProjectFolder } from "./project-folder.ts";

const inventory =
  'import { host, role } from "drillbook";\nexport const db1 = host("db1", role("server", { assets: ["data"] }));\n';
const runbook = (command: string, before = ""): string =>
  [
    'import { runbook, sh, text } from "drillbook";',
    'import { db1 } from "./inventory.ts";',
    before,
    "/** Look. */",
    'export default runbook("look", { objective: { rto: "1h", rpo: "1d" } }, ({ read }) => {',
    `  read("Look", { on: db1, run: sh\`${command}\`, gives: text() });`,
    "});",
    "",
  ].join("\n");

let project: ProjectFolder;
let compiler: Compiler;
beforeAll(async () => {
  project = await projectFolder();
  compiler = new Compiler(project.root);
});
beforeEach(() => project.write({ "inventory.ts": inventory, "look.ts": runbook("ls") }));
afterAll(async () => {
  await compiler[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

async function compiled(...files: readonly string[]): Promise<readonly Compilation[]> {
  return await compiler.compile(files.map((file) => `${project.root}/${file}`));
}

describe("a compiler that is used again", () => {
  it("reads a runbook that was saved", async () => {
    const text = async (): Promise<unknown> => {
      const [made] = (await compiled("look.ts")) as [Compiled];
      return made.plan.steps[0];
    };
    expect(await text()).toMatchObject({ run: { text: "ls" } });
    await project.write({ "look.ts": runbook("du") });
    expect(await text()).toMatchObject({ run: { text: "du" } });
  });

  it("reads what a runbook imports, when that was saved", async () => {
    await compiled("look.ts");
    await project.write({ "inventory.ts": inventory.replace('host("db1"', 'host("db2"') });
    const [made] = (await compiled("look.ts")) as [Compiled];
    expect(made.plan.hosts).toHaveProperty("db2");
    expect(made.imports).toEqual([`${project.root}/look.ts`, `${project.root}/inventory.ts`]);
  });

  it("mends what was refused, and refuses what was broken", async () => {
    await project.write({ "look.ts": runbook('echo "') });
    expect(await compiled("look.ts")).toMatchObject([
      { ok: false, diagnostics: [{ code: "DB2101", file: "look.ts" }] },
    ]);
    await project.write({ "look.ts": runbook("ls") });
    expect(await compiled("look.ts")).toMatchObject([{ ok: true, diagnostics: [] }]);
  });
});

describe("a runbook that cannot be loaded is refused at the author's line", () => {
  it.each<[string, string, object]>([
    [
      "a module that throws",
      runbook("ls", 'throw new Error("no luck");'),
      { code: "DB2001", line: 3, message: expect.stringContaining("Error: no luck") as string },
    ],
    [
      "an import of nothing",
      runbook("ls", 'import "./nothing.ts";'),
      { code: "DB2001", message: expect.stringContaining("nothing.ts") as string },
    ],
    ["no JavaScript", runbook("ls", "const = 1;"), { code: "DB2001", line: 3 }],
    ["TypeScript that cannot be stripped", runbook("ls", "enum Size { Small }"), { code: "DB2001", line: 3 }],
    ["two default exports", `${runbook("ls")}export default 1;\n`, { code: "DB2003", line: 8 }],
    [
      "no default export",
      runbook("ls").replace("export default", "void"),
      { code: "DB2002", message: expect.stringContaining("it is nothing") as string },
    ],
    [
      "another default export",
      "export default 1;\n",
      { code: "DB2002", message: expect.stringContaining("it is a number") as string },
    ],
    [
      "a module that ends its process",
      runbook("ls", "process.exit(0);"),
      { code: "DB2001", message: expect.stringContaining("ended the thread") as string },
    ],
  ])("%s", async (_, source, diagnostic) => {
    await project.write({ "look.ts": source });
    const [refused] = (await compiled("look.ts")) as [Refused];
    expect(refused.ok).toBe(false);
    expect(
      refused.diagnostics.find(({ code }) => code === (diagnostic as { readonly code: string }).code),
    ).toMatchObject({
      file: "look.ts",
      severity: "error",
      ...diagnostic,
    });
  });

  it("and one that is in order is compiled beside it", async () => {
    await project.write({ "bad.ts": "throw 1;\n" });
    expect(await compiled("bad.ts", "look.ts")).toMatchObject([
      { ok: false, file: "bad.ts" },
      { ok: true, file: "look.ts" },
    ]);
  });
});

it("what a procedure's module is refused for is told in that module", async () => {
  await project.write({
    "shared.ts":
      'import { procedure, sh, text } from "drillbook";\nimport { db1 } from "./inventory.ts";\n' +
      'export const shared = procedure("shared", ({ read }, _: string) => {\n  read("Look", { on: db1, run: sh`ls "`, gives: text() });\n});\n',
    "look.ts": runbook("ls")
      .replace('  read("Look"', '  shared("x");\n  read("Look"')
      .replace('"./inventory.ts";', '"./inventory.ts";\nimport { shared } from "./shared.ts";'),
  });
  expect(await compiled("look.ts")).toMatchObject([
    { ok: false, diagnostics: [{ code: "DB2101", file: "shared.ts", line: 4 }] },
  ]);
});

it("compile throws what it would have said, each with its line and a mark under the place", async () => {
  await project.write({ "look.ts": runbook('echo "') });
  const error = await compile("look.ts", { root: project.root }).catch((thrown: unknown) => thrown as CompileError);
  expect(error).toBeInstanceOf(CompileError);
  const [place, line, mark, remedy] = (error as CompileError).message.split("\n");
  expect(place).toMatch(/^look\.ts:6:40 error DB2101: /u);
  expect(line).toBe('      read("Look", { on: db1, run: sh`echo "`, gives: text() });');
  expect(mark).toBe(`${" ".repeat(4 + 39)}^`);
  expect(remedy).toMatch(/^ {4}\S/u);
});
