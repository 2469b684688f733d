import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadProject } from "../../runner/project.ts";
import { projectFolder, type ProjectFolder } from "../dsl/compile/project-folder.ts";

const exported = "export default 1;\n";

describe("a project", () => {
  let folder: ProjectFolder;
  beforeAll(async () => {
    folder = await projectFolder({
      "package.json": '{ "drillbook": { "runbooks": "procedures", "worlds": "machines/index.ts" } }',
      "procedures/b.ts": exported,
      "procedures/deep/a.ts": `// export default is below\n${exported}`,
      "procedures/inventory.ts": "export const host = 1;\n",
      "procedures/b.test.ts": exported,
      "procedures/types.d.ts": exported,
      "procedures/lost.drill.ts": exported,
      "procedures/b.drill.ts": exported,
    });
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  const names = (files: readonly { readonly name: string }[]): readonly string[] => files.map(({ name }) => name);

  it("is found from any folder in it, with what its package.json says", async () => {
    const project = await loadProject(join(folder.root, "procedures", "deep"));
    expect(project).toMatchObject({
      root: folder.root,
      folder: join(folder.root, "procedures"),
      worlds: join(folder.root, "machines/index.ts"),
    });
  });

  it("has for runbooks the modules with a default export that are no drills, by name", async () => {
    const project = await loadProject(folder.root);
    expect(names(await project.runbooks())).toEqual(["a", "b"]);
    expect(names(await project.drills())).toEqual(["b", "lost"]);
    expect(await project.runbook("a")).toEqual({ name: "a", file: join(folder.root, "procedures/deep/a.ts") });
  });

  it.each([
    ["recover", "There are: a, b."],
    ["B", 'Did you mean "b"?'],
  ])("has no runbook %s, and says which it has", async (name, remedy) => {
    const project = await loadProject(folder.root);
    await expect(project.runbook(name)).rejects.toMatchObject({ code: "DB3903", exitCode: 2, remedy });
  });
});

it("a project without runbooks says what one is", async () => {
  await using folder = await projectFolder();
  const project = await loadProject(folder.root);
  expect(await project.runbooks()).toEqual([]);
  await expect(project.runbook("a")).rejects.toMatchObject({ code: "DB3903" });
});

it("two files of one name are refused", async () => {
  await using folder = await projectFolder({ "runbooks/x/a.ts": exported, "runbooks/y/a.ts": exported });
  const project = await loadProject(folder.root);
  await expect(project.runbooks()).rejects.toThrow('Several files are named "a": runbooks/x/a.ts, runbooks/y/a.ts.');
});

it("a configuration that makes no sense is refused", async () => {
  await using folder = await projectFolder({ "package.json": '{ "drillbook": { "runbooks": 1 } }' });
  await expect(loadProject(folder.root)).rejects.toMatchObject({ code: "DB3902" });
});

it("a folder in no project is refused", async () => {
  await expect(loadProject("/")).rejects.toMatchObject({ code: "DB3901", exitCode: 2 });
});
