import { spawnSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

// Inside the repository, so that vitest is found; unseen by git.
const folder = join(process.cwd(), ".drillbook/test", `closing-line-${process.pid}`);
beforeEach(async () => {
  await mkdir(folder, { recursive: true });
  const reporter = join(process.cwd(), "test/support/closing-line.ts");
  const config = { test: { include: ["*.test.ts"], reporters: ["default", reporter] } };
  await writeFile(join(folder, "vitest.config.mjs"), `export default ${JSON.stringify(config)};`);
});
afterEach(() => rm(folder, { recursive: true }));

async function closing(...tests: readonly string[]) {
  await Promise.all(
    tests.map((text, index) =>
      writeFile(join(folder, `${index}.test.ts`), `import { expect, test } from "vitest";\n${text}\n`),
    ),
  );
  const vitest = join(process.cwd(), "node_modules/vitest/vitest.mjs");
  const run = spawnSync(process.execPath, [vitest, "run", "--root", folder], { cwd: folder, encoding: "utf8" });
  return { status: run.status, line: run.stdout.trimEnd().split("\n").at(-1) };
}

const passes = `test("holds", () => expect(1).toBe(1));`;

test.each([
  ["counts what passed", [passes, passes], { status: 0, line: "2 passed, 0 failed" }],
  ["counts what failed", [passes, `test("no", () => expect(1).toBe(2));`], { status: 1, line: "1 passed, 1 failed" }],
  [
    "a file that cannot be loaded has failed",
    [passes, `import "./none.ts";`],
    { status: 1, line: "1 passed, 1 failed" },
  ],
  [
    "an error outside any test has failed",
    [passes, `test("late", () => { void Promise.reject(new Error("lost")); expect(1).toBe(1); });`],
    { status: 1, line: "2 passed, 1 failed" },
  ],
  ["a run of no test has failed", [], { status: 1, line: "0 passed, 1 failed" }],
  [
    "a run whose every test was left out has failed",
    [`test.skip("x", () => {});`],
    { status: 1, line: "0 passed, 1 failed" },
  ],
])("%s", async (_, tests, expected) => {
  expect(await closing(...tests)).toEqual(expected);
});
