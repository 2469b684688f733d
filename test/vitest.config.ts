import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const withContainers = "test/**/*.container.test.ts";
/** Those have a configuration of their own: vitest.farm.config.ts. */
const ofTheFarm = "test/**/*.farm.test.ts";
const inCi = process.env["CI"] !== undefined;

/** Two projects: what runs in memory and on this machine, and what needs machines of its own. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line.ts", ...(inCi ? ["junit"] : [])],
    outputFile: { junit: ".drillbook/junit.xml" },
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: "plain",
          include: ["test/**/*.test.ts"],
          exclude: [withContainers, ofTheFarm],
          globalSetup: "test/support/compile-cache.ts",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "containers",
          include: [withContainers],
          globalSetup: ["test/support/compile-cache.ts", "test/support/engine.ts"],
          // Each file brings machines up: one at a time, and after the others, so that none measures another's load.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 5 * 60_000,
          hookTimeout: 15 * 60_000,
        },
      },
    ],
  },
});
