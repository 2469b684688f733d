#!/usr/bin/env node
/**
 * Makes node_modules what package-lock.json says, and says why it does. Runs before the npm scripts, with whatever Node
 * the machine has and before anything is installed: Node's built-ins only. Prints nothing when there is nothing to do,
 * and never on stdout, which belongs to the command that follows.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** What is wrong, and the way out. */
class SetupError extends Error {}
const setupError = (message, remedy) => new SetupError(`${message}\n  ${remedy}`);

const oldest = { toInstall: [20, 19], toRun: [24, 0] };
const project = fileURLToPath(new URL("../../", import.meta.url));
/** Holds the process id of the installation that is at work: npm's, which may outlive this one. */
const lock = `${project}.drillbook/install.pid`;

try {
  assertNode("Node", process.execPath, oldest.toInstall);
  if (whyInstall()) await installAlone();
  assertNode("The Node that runs Drillbook", ownNode() ?? process.execPath, oldest.toRun);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/** Why an installation is needed, or nothing. */
function whyInstall() {
  const lockfile = read("package-lock.json");
  if (!lockfile)
    throw setupError("package-lock.json is missing or unreadable.", "Restore it: git checkout package-lock.json");
  if (!existsSync(`${project}node_modules`)) return "node_modules is not there";
  // npm writes this file last.
  if (!existsSync(`${project}node_modules/.package-lock.json`))
    return "an earlier installation did not come to its end";
  const { "": _project, ...packages } = lockfile.packages;
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

/** Two installations in one folder would destroy each other's work. */
async function installAlone() {
  mkdirSync(`${project}.drillbook`, { recursive: true });
  for (let told = false; !claim();) {
    const holder = holderOf();
    if (!atWork(holder)) rmSync(lock, { force: true });
    else {
      if (!told) say(`another installation is at work (process ${holder}); waiting for its end.`);
      told = true;
      await pause(250);
    }
  }
  try {
    const reason = whyInstall();
    if (reason) await install(reason);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock, if nobody has it: it appears with its holder in it, or not at all. */
function claim() {
  const mine = note(process.pid);
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw setupError(`${lock} cannot be written: ${error.message}`, "See to the folder's permissions.");
  } finally {
    rmSync(mine);
  }
}

function note(pid) {
  const file = `${lock}.${process.pid}`;
  writeFileSync(file, String(pid));
  return file;
}

function holderOf() {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch {
    return undefined;
  }
}

function atWork(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  // A process id is used again; where the system tells, it has to be one of ours.
  const command = `/proc/${pid}/cmdline`;
  return !existsSync(command) || /npm|install\.mjs/u.test(readFileSync(command, "utf8"));
}

async function install(reason) {
  say(`${reason}: running npm ci in ${project} (about 420 MB on disk, most often under a minute).`);
  const started = Date.now();
  // Install scripts are not needed. Warnings would speak of this machine's Node, which is not the one that runs later.
  const npm = spawn("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: project, stdio: ["ignore", 2, 2] });
  if (npm.pid) renameSync(note(npm.pid), lock);
  // npm puts things back after an interrupt. It is waited for, so that nothing goes on behind the next call's back.
  let interrupted;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (!interrupted) say(`${signal}: waiting for npm to put things back.`);
      interrupted = signal;
      npm.kill(signal);
    });
  }
  const [status, killed] = await once(npm, "close").catch((error) => {
    throw setupError(`npm could not be started: ${error.message}`, "Install npm, then run the same command again.");
  });
  if (interrupted ?? killed)
    throw setupError(
      `npm ci was ended by ${interrupted ?? killed}.`,
      "Run the same command again; what was downloaded is kept.",
    );
  if (status !== 0)
    throw setupError(
      `npm ci failed with exit status ${status}; its own words are above.`,
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
