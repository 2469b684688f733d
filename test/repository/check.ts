import { availableParallelism } from "node:os";
import { checks, type Check } from "./checks.ts";

/** `npm run check [word…]`: every check, or those whose titles have one of the words. One line a check, and a tally. */
const words = process.argv.slice(2);
const asked = checks.filter(({ title }) => words.length === 0 || words.some((word) => title.includes(word)));

const tally = { passed: 0, failed: 0 };
const waiting = asked.values();
// As many at a time as there are cores; each worker takes the next that waits.
await Promise.all(Array.from({ length: availableParallelism() }, work));

if (asked.length === 0) console.log(`no check has a title with ${words.join(" or ")}`);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.passed > 0 && tally.failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (const check of waiting) {
    const started = performance.now();
    const wrong = await answer(check);
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    tally[wrong ? "failed" : "passed"] += 1;
    console.log(`${wrong ? "FAILED" : "ok    "} ${seconds} s  ${check.title}${wrong && `\n\n${wrong}\n`}`);
  }
}

/** A check that could not be made has failed. */
async function answer(check: Check): Promise<string> {
  try {
    return await check.find();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
