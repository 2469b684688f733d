import { prepareEngine } from "../../fixtures/engine/index.ts";

/** Runs once before the tests that need machines; says what it waits for. */
export default async function setup(): Promise<void> {
  await prepareEngine((text) => process.stderr.write(`engine: ${text}\n`));
}
