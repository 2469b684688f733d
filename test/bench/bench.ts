/**
 * `npm run bench [-- --json]`: what the machinery costs, as ratios against another tool on the same work in the same
 * run. No ratio fails the command: machines are noisy, and a budget is read, not asserted.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAll } from "../../dsl/compile/compile.ts";
import { writeKit } from "../../runner/build/kit.ts";
import { buildRuntime } from "../../runner/build/runtime.ts";
import { loadProject } from "../../runner/project.ts";
import { benchCost, memoryWords } from "./cost/cost.ts";
import type { Ratio } from "./ratio.ts";
import { benchStartup, builtCommand } from "./startup.ts";
import { benchSupervisor } from "./supervisor.ts";

const json = process.argv.includes("--json");
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".drillbook", "bench");

const runtime = await buildRuntime();
const project = await loadProject(root);
const files = (await project.runbooks()).map(({ file }) => file);
const compiled = (await compileAll(files, { root })).filter((each) => each.ok);
const kit = await writeKit(join(folder, "kit"), compiled, runtime);
const [script = ""] = kit.scripts.values();

const benches: readonly (() => Promise<Ratio>)[] = [
  () => benchSupervisor(),
  () => benchStartup("a standalone script", script),
  () => benchStartup("the built drillbook", builtCommand(join(folder, "package"))),
];

if (!json) console.log(`runtime file: ${(runtime.bytes.length / 1024).toFixed(0)} KiB (${runtime.fileName})`);
const ratios: Ratio[] = [];
for (const bench of benches) {
  const ratio = await bench();
  ratios.push(ratio);
  if (!json) console.log(worded(ratio));
}
const cost = { hosts: [10, 50, 200], turns: 3, steps: 100, memory: true };
const memory = await benchCost(cost, (ratio) => {
  ratios.push(ratio);
  if (!json) console.log(worded(ratio));
});
if (json) console.log(JSON.stringify(ratios, undefined, 2));
else for (const each of memory) console.log(memoryWords(each));
await rm(folder, { recursive: true });

function worded({ name, subject, against, ratio, subjectMs, againstMs }: Ratio): string {
  return [
    `${name}: ${ratio.toFixed(2)}`,
    `  ${subject}: ${subjectMs.toFixed(1)} ms`,
    `  ${against}: ${againstMs.toFixed(1)} ms`,
  ].join("\n");
}
