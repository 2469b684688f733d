import { writeSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends every test run with `N passed, N failed`, alone on the last line. A file that could not be loaded, an error
 * outside any test, and a run of no test at all count as failed.
 */
export default class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;

  onInit(): void {
    // At exit, so that nothing follows it and a run that ends early has one too.
    process.once("exit", () => {
      if (this.#passed + this.#failed === 0) this.#failed = 1;
      if (this.#failed > 0 && !process.exitCode) process.exitCode = 1;
      writeSync(process.stdout.fd, `\n${this.#passed} passed, ${this.#failed} failed\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#passed = 0;
    this.#failed = unhandledErrors.length;
    for (const module of modules) {
      const before = this.#failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") this.#passed += 1;
        if (state === "failed" || state === "pending") this.#failed += 1;
      }
      if (!module.ok() && this.#failed === before) this.#failed += 1;
    }
  }
}
