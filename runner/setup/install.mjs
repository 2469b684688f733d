#!/usr/bin/env node
/**
 * Makes node_modules what package-lock.json says, and says why it does. Runs before the npm scripts, with whatever Node
 * the machine has and before anything is installed: Node's built-ins only. Prints nothing when there is nothing to do,
 * and never on stdout, which belongs to the command that follows.
 *
 * npm writes node_modules/.package-lock.json last, so it is there only after an installation that came to its end.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What is wrong, and the way out. */
class SetupError extends Error {}
const setupError = (message, remedy) => new SetupError(`${message}\n  ${remedy}`);

const oldest = { toInstall: [20, 19], toRun: [24, 0] };
const project = fileURLToPath(new URL("../../", import.meta.url));

try {
  assertNode("Node", process.execPath, oldest.toInstall);
  const reason = whyInstall();
  if (reason) install(reason);
  assertNode("The Node that runs Drillbook", ownNode() ?? process.execPath, oldest.toRun);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`drillbook: ${error.message}\n`);
  process.exitCode = 1;
}

/** Why an installation is needed, or nothing. */
function whyInstall() {
  const lock = read("package-lock.json");
  if (!lock)
    throw setupError("package-lock.json is missing or unreadable.", "Restore it: git checkout package-lock.json");
  if (!existsSync(`${project}node_modules`)) return "node_modules is not there";
  if (!existsSync(`${project}node_modules/.package-lock.json`))
    return "an earlier installation did not come to its end";
  const { "": _project, ...packages } = lock.packages;
  const differing = Object.entries(packages).filter(([path, wanted]) => differs(wanted, read(`${path}/package.json`)));
  return differing.length > 0 ? `${differing.length} packages are not those of package-lock.json` : undefined;
}

/** Packages for other platforms are optional and stay away. */
function differs(wanted, installed) {
  if (!installed) return !wanted.optional;
  return !wanted.link && wanted.version !== installed.version;
}

function read(json) {
  try {
    return JSON.parse(readFileSync(project + json, "utf8"));
  } catch {
    return undefined;
  }
}

function install(reason) {
  say(`${reason}: running npm ci in ${project} (about 420 MB on disk, most often under a minute).`);
  const started = Date.now();
  // Install scripts are not needed. Warnings would speak of this machine's Node, which is not the one that runs later.
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: project,
    stdio: ["ignore", 2, 2],
  });
  if (npm.error)
    throw setupError(`npm could not be started: ${npm.error.message}`, "Install npm, then run the same command again.");
  if (npm.signal)
    throw setupError(`npm ci was ended by ${npm.signal}.`, "Run the same command again; what was downloaded is kept.");
  if (npm.status !== 0)
    throw setupError(
      `npm ci failed with exit status ${npm.status}; its own words are above.`,
      "Check that the registry answers (npm ping) and that the disk has room (df .), then run the same command again;\n  what was downloaded is kept.",
    );
  say(`node_modules is ready after ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** The Node that npm run finds first: it comes from npm too. */
function ownNode() {
  const node = `${project}node_modules/.bin/node`;
  return existsSync(node) ? node : undefined;
}

function assertNode(what, node, [major, minor]) {
  const version = node === process.execPath ? process.version : versionOf(node);
  const [itsMajor, itsMinor] = version.slice(1).split(".").map(Number);
  if (itsMajor > major || (itsMajor === major && itsMinor >= minor)) return;
  throw setupError(
    `${what} (${node}) is ${version}; at least ${major}.${minor} is needed on ${process.platform}-${process.arch}.`,
    `Install Node ${oldest.toRun[0]} and put it first in PATH, then run the same command again.`,
  );
}

function versionOf(node) {
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (status !== 0)
    throw setupError(`${node} does not start.`, "Remove node_modules, then run the same command again.");
  return stdout.trim();
}

function say(text) {
  process.stderr.write(`drillbook: ${text}\n`);
}
