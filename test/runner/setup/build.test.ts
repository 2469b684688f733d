import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A project of another team, which has installed the package. Inside the repository, so that its packages are found. */
const project = join(process.cwd(), ".drillbook/test", `build-${process.pid}`);

const runbook = `
import { host, role, runbook, sh, text } from "drillbook";

const server = host("server", role("server", { assets: ["data"] }));

/** Greets. */
export default runbook("greet", { objective: { rto: "1h", rpo: "24h" } }, ({ read, confirm }) => {
  const name = read("Ask its name", { on: server, run: sh\`hostname\`, gives: text() });
  confirm("Is it the right one", { evidence: [name] });
});
`;

beforeAll(async () => {
  await mkdir(join(project, "runbooks"), { recursive: true });
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "other-team", type: "module" }));
  await writeFile(join(project, "runbooks/greet.ts"), runbook);
  node(process.cwd(), "runner/setup/build.ts", join(project, "node_modules/drillbook"));
});
afterAll(() => rm(project, { recursive: true }));

function node(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

test("another team's runbook compiles with the built package, to a script that answers", async () => {
  node(project, "node_modules/drillbook/runner/cli/main.js", "compile");
  const written = await readdir(project, { recursive: true });
  const script = written.find((path) => path.endsWith("/greet.mjs") && !path.startsWith("node_modules"));
  expect(node(project, script ?? "no script was written", "--help")).toContain("greet");
});
