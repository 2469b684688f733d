import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const run = promisify(execFile);

/** A project of its own, whose one package lies beside it, so that npm needs no network. */
let project = "";
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "set-up-"));
  await mkdir(join(project, "runner/setup"), { recursive: true });
  await cp("runner/setup/install.mjs", join(project, "runner/setup/install.mjs"));
  await write("near/package.json", { name: "near", version: "1.0.0" });
  await write("package.json", { name: "project", version: "1.0.0", dependencies: { near: "file:near" } });
  npm("install", "--package-lock-only");
});
afterEach(() => rm(project, { recursive: true }));

async function write(path: string, content: object): Promise<void> {
  await mkdir(join(project, path, ".."), { recursive: true });
  await writeFile(join(project, path), JSON.stringify(content));
}

function npm(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("npm", args, { cwd: project, encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

function setUp(env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["runner/setup/install.mjs"], {
    cwd: project,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const silent = { status: 0, stdout: "", stderr: "" };

test("installs where nothing is, says why, and has nothing to do the second time", async () => {
  const { status, stdout, stderr } = setUp();
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(stderr).toContain("node_modules is not there: running npm ci");
  expect(JSON.parse(await readFile(join(project, "node_modules/near/package.json"), "utf8"))).toMatchObject({
    name: "near",
  });
  expect(setUp()).toEqual(silent);
});

test("takes up an installation that did not come to its end", async () => {
  npm("ci");
  await rm(join(project, "node_modules/.package-lock.json"));
  expect(setUp()).toMatchObject({ status: 0, stderr: expect.stringContaining("did not come to its end") as string });
  expect(setUp()).toEqual(silent);
});

test("installs again when package-lock.json has changed", async () => {
  npm("ci");
  await write("far/package.json", { name: "far", version: "1.0.0" });
  await write("package.json", {
    name: "project",
    version: "1.0.0",
    dependencies: { near: "file:near", far: "file:far" },
  });
  npm("install", "--package-lock-only");
  expect(setUp()).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/packages are not those of package-lock\.json/u) as string,
  });
  expect(setUp()).toEqual(silent);
});

test("two at the same moment install once", async () => {
  const both = await Promise.all(
    [1, 2].map(() => run(process.execPath, ["runner/setup/install.mjs"], { cwd: project })),
  );
  expect(
    both
      .map(({ stderr }) => stderr)
      .join("")
      .match(/running npm ci/gu),
  ).toHaveLength(1);
  expect(setUp()).toEqual(silent);
});

test("is not held up by an installation whose process is gone", async () => {
  const { pid } = spawnSync("true");
  await mkdir(join(project, ".drillbook"));
  await writeFile(join(project, ".drillbook/install.pid"), String(pid));
  expect(setUp()).toMatchObject({ status: 0, stderr: expect.stringContaining("running npm ci") as string });
});

test("leaves the next call nothing to trip over when it is interrupted", async () => {
  const first = spawn(process.execPath, ["runner/setup/install.mjs"], { cwd: project });
  await once(first.stderr, "data");
  first.kill("SIGTERM");
  await once(first, "close");
  expect(setUp().status).toBe(0);
  expect(setUp()).toEqual(silent);
});

test("misses no package that is for another platform", async () => {
  npm("ci");
  const lockfile = join(project, "package-lock.json");
  const lock = JSON.parse(await readFile(lockfile, "utf8")) as { packages: Record<string, object> };
  lock.packages["node_modules/elsewhere"] = { version: "1.0.0", integrity: "sha512-x", optional: true, os: ["aix"] };
  await writeFile(lockfile, JSON.stringify(lock));
  expect(setUp()).toEqual(silent);
});

test("says the way out when npm fails, and changes nothing of what npm said", async () => {
  await write("package.json", { name: "project", version: "1.0.0", dependencies: { far: "file:far" } });
  const { status, stderr } = setUp();
  expect(status).toBe(1);
  expect(stderr).toContain("npm error code EUSAGE");
  expect(stderr).toMatch(/npm ci failed with exit status 1[^]*run the same command again/u);
});

test("says the way out when there is no npm", () => {
  const { status, stderr } = setUp({ PATH: project });
  expect(status).toBe(1);
  expect(stderr).toMatch(/npm could not be started[^]*Install npm/u);
});

test("refuses a Node that is too old to run Drillbook, and names it", async () => {
  npm("ci");
  const node = join(project, "node_modules/.bin/node");
  await mkdir(join(project, "node_modules/.bin"), { recursive: true });
  await writeFile(node, "#!/bin/sh\necho v22.1.0\n");
  await chmod(node, 0o755);
  const { status, stderr } = setUp();
  expect(status).toBe(1);
  expect(stderr).toMatch(/\.bin\/node\) is v22\.1\.0; at least 24\.0 is needed[^]*Install Node 24/u);
});
