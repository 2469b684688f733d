import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./files.ts";
import { shellcheck } from "./shellcheck.ts";
import { complaints } from "./tool.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "violations-"));
  const compilerOptions = {
    types: [],
    strict: true,
    module: "nodenext",
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
});
afterAll(() => rm(folder, { recursive: true }));

describe("lint refuses", () => {
  test.each([
    ["no-floating-promises", "async function later() {}\nlater();\n"],
    ["no-restricted-imports", `import { $ } from "zx";\nexport const echo = $;\n`],
    ["no-warning-comments", `// ${"TO"}${"DO"} later\nexport const one = 1;\n`],
    ["no-unsafe-argument", `JSON.stringify(JSON.parse("1") as any).at(JSON.parse("1"));\n`],
    ["switch-exhaustiveness-check", `export function f(x: "a" | "b") { switch (x) { case "a": f("b"); } }\n`],
  ])("%s", async (rule, text) => {
    const file = join(folder, `${rule}.ts`);
    await writeFile(file, text);
    expect(await complaints("oxlint", "--config", `${root}.oxlintrc.json`, file)).toContain(`(${rule})`);
  });

  test("modules that import each other", async () => {
    const [one, two] = [join(folder, "one.ts"), join(folder, "two.ts")];
    await writeFile(one, `import { two } from "./two.ts";\nexport const one = (): number => two();\n`);
    await writeFile(two, `import { one } from "./one.ts";\nexport const two = (): number => one();\n`);
    expect(await complaints("oxlint", "--config", `${root}.oxlintrc.json`, one, two)).toContain("(no-cycle)");
  });
});

test("a tool that ends well has no complaint, and one that fails without a word has one", async () => {
  expect(await complaints("sh", "-c", "echo all is well")).toBe("");
  expect(await complaints("sh", "-c", "exit 3")).toBe("sh ended with status 3 and said nothing");
});

describe("ShellCheck", () => {
  test("names the command and its line", async () => {
    const text = { from: "recover-x, load, run", text: `true\nls $dump\n`, given: ["dump"] };
    expect(await shellcheck([text])).toEqual([expect.stringMatching(/^recover-x, load, run:2:4: SC2086 /u)]);
  });

  test("knows the values that are delivered beside a command, and no others", async () => {
    expect(await shellcheck([{ from: "x", text: `ls -- "$dump"\n`, given: ["dump"] }])).toEqual([]);
    expect(await shellcheck([{ from: "x", text: `ls -- "$dunp"\n`, given: ["dump"] }])).toContainEqual(
      expect.stringContaining("SC2154"),
    );
  });

  test("reads a script in the shell of its first line", async () => {
    const bashism = "[[ -n $1 ]] && echo yes\n";
    expect(await shellcheck([{ from: "x.sh", text: `#!/bin/sh\n${bashism}`, given: [] }])).not.toEqual([]);
    expect(await shellcheck([{ from: "x.sh", text: `#!/bin/bash\n${bashism}`, given: [] }])).toEqual([]);
  });
});
