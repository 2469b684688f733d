import { defineConfig } from "vitest/config";

const inCi = process.env["CI"] !== undefined;

/**
 * The tests that need the whole Koji farm: seven machines and more. They are apart from the others because they take
 * longer than a developer waits, and have each machine of this one for themselves.
 */
export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line.ts", ...(inCi ? ["junit"] : [])],
    outputFile: { junit: ".drillbook/junit-farm.xml" },
    include: ["test/**/*.farm.test.ts"],
    globalSetup: "test/support/engine.ts",
    fileParallelism: false,
    testTimeout: 10 * 60_000,
    hookTimeout: 20 * 60_000,
  },
});
