import { describe, expect, test } from "vitest";
import { wrongArrows } from "./arrows.ts";
import { machineText } from "./house-text.ts";
import { importsOf } from "./imports.ts";
import { lockfileGaps } from "./lockfile.ts";
import { tooLong } from "./lengths.ts";

const arrows = (path: string, text: string) => wrongArrows(importsOf({ path, text }));

describe("import arrows refuse", () => {
  test.each([
    ["dsl a runner", "dsl/step.ts", `import { x } from "../runner/x.ts";`],
    ["dsl its own compiler", "dsl/step.ts", `import { x } from "./compile/x.ts";`],
    ["dsl a type of the runner", "dsl/step.ts", `import type { X } from "../runner/x.ts";`],
    ["dsl a package", "dsl/step.ts", `import { Ajv } from "ajv";`],
    ["dsl a module of Node", "dsl/step.ts", `import { readFileSync } from "node:fs";`],
    ["the compiler a runner", "dsl/compile/compile.ts", `import { x } from "../../runner/x.ts";`],
    ["the runner a drill", "runner/journal/fold.ts", `import { x } from "../drill/x.ts";`],
    ["the runner a package that scripts do not carry", "runner/runtime/run.ts", `import { Ajv } from "ajv";`],
    ["the runner a fixture", "runner/drill/drill.ts", `import { x } from "../../fixtures/x.ts";`],
    ["a re-export", "runner/journal/fold.ts", `export { x } from "../drill/x.ts";`],
    ["a fixture more than types of the port", "fixtures/host.ts", `import { x } from "../runner/drill/world.ts";`],
    ["a fixture the rest of the runner", "fixtures/host.ts", `import type { X } from "../runner/journal/fold.ts";`],
    ["a runbook the inside of the language", "runbooks/x.ts", `import { x } from "../dsl/recorder.ts";`],
    ["a runbook a fixture", "runbooks/x.ts", `import { x } from "../fixtures/index.ts";`],
    ["a test's helper in the toolkit", "runner/journal/fold.ts", `import { x } from "../../test/support/x.ts";`],
    [
      "the command line the compiler at once",
      "runner/cli/commands/x.ts",
      `import { x } from "../../../dsl/compile/x.ts";`,
    ],
    ["a module of no room", "tools/x.ts", `import { x } from "node:fs";`],
  ])("%s", (_, path, text) => {
    expect(arrows(path, text)).toEqual([expect.stringContaining(path)]);
  });

  test("a heavy module that the command line reaches over other modules, at the import that brings it in", () => {
    const files = [
      { path: "runner/cli/program.ts", text: `import { command } from "./commands/run.ts";` },
      { path: "runner/cli/commands/run.ts", text: `import { shell } from "../../shell.ts";` },
      { path: "runner/shell.ts", text: `\nimport { $ } from "zx/core";` },
    ];
    expect(wrongArrows(files.flatMap(importsOf))).toEqual([expect.stringMatching(/^runner\/shell\.ts:2: .*zx\/core/u)]);
  });
});

describe("import arrows allow", () => {
  test.each([
    ["a room itself", "dsl/step.ts", `import { x } from "./plan/plan.ts";`],
    [
      "the command line the compiler when it is asked for",
      "runner/cli/commands/x.ts",
      `await import("../../../dsl/compile/x.ts");`,
    ],
    ["a drill its world", "runbooks/x.drill.ts", `import { x } from "../fixtures/worlds/x.ts";`],
    ["a fixture the types of the port", "fixtures/host.ts", `import type { X } from "../runner/drill/world.ts";`],
  ])("%s", (_, path, text) => {
    expect(arrows(path, text)).toEqual([]);
  });
});

describe("text of one machine is refused", () => {
  // {} keeps the examples from being found in this very file.
  test.each([
    ["a checkout", "See /wo{}rk/somewhere/design.md"],
    ["a home folder's sources", "/home{}/ada/src/drillbook"],
    ["a registry", "https:{}//registry.example.org/zx"],
    ["an archive", "deb https:{}//deb.example.org/debian bookworm main"],
    ["a resolved address in a lockfile", `"resolved"{}: "https://example.org/zx.tgz"`],
  ])("%s", (_, text) => {
    const file = { path: "docs/x.md", text: `one\n${text.replace("{}", "")}\n` };
    expect(machineText([file])).toEqual([expect.stringMatching(/^docs\/x\.md:2: /u)]);
  });

  test("but not what a host of the farm has", () => {
    const text = "/var/lib/drillbook /home/operator/.ssh https://github.com/google/zx network/\n";
    expect(machineText([{ path: "docs/x.md", text }])).toEqual([]);
  });
});

test("a file of 301 lines is too long, one of 300 is not", () => {
  const file = (lines: number) => ({ path: "dsl/x.ts", text: "x;\n".repeat(lines) });
  expect(tooLong([file(300)])).toEqual([]);
  expect(tooLong([file(301)])).toEqual(["dsl/x.ts: 301 lines; split it, 300 is the most"]);
});

describe("a lockfile", () => {
  const packages = {
    "": { dependencies: { lint: "1" } },
    "node_modules/lint": { dependencies: { words: "1" }, optionalDependencies: { "lint-linux": "1", "lint-aix": "1" } },
    "node_modules/lint/node_modules/words": {},
    "node_modules/lint-linux": {},
  };

  test("that lacks the package of another platform has a gap", () => {
    expect(lockfileGaps({ packages })).toEqual([
      "package-lock.json: node_modules/lint depends on lint-aix, which is not in it",
    ]);
  });

  test("that has them all has none", () => {
    expect(lockfileGaps({ packages: { ...packages, "node_modules/lint-aix": {} } })).toEqual([]);
  });
});
