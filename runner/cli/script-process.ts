import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { meant, type Back } from "../journal/meant.ts";
import { findRun, stateRoot, type RunFolder } from "../journal/state.ts";
import { loadRun, stoppedRuns } from "../journal/stopped.ts";
import { loadProject } from "../project.ts";
import { runtimeName } from "../runtime/kit-identity.ts";
import { markWrong } from "../runtime/mark-errors.ts";
import { kitMissing } from "../runtime/missing-errors.ts";
import { nothingStopped } from "./errors.ts";

/**
 * Compiles a runbook of the project to a kit and runs its script as a process of its own: the same path as without
 * this command. Resolves with the exit code.
 * @throws RunError, CompileError
 */
export async function runScriptOf(runbook: string, args: readonly string[]): Promise<number> {
  const [{ compile }, { buildRuntime }, { writeKit }, { writeRehearsals }, project] = await Promise.all([
    import("../../dsl/compile/compile.ts"),
    import("../build/runtime.ts"),
    import("../build/kit.ts"),
    import("./compile/rehearsals.ts"),
    loadProject(process.cwd()),
  ]);
  const { file } = await project.runbook(runbook);
  const [compiled, runtime] = await Promise.all([compile(file, { root: project.root }), buildRuntime()]);
  const kit = await writeKit(join(project.root, ".drillbook", "kit"), [compiled], runtime);
  await writeRehearsals(kit.folder, project.root, [compiled]);
  return await runScript(join(kit.folder, `${compiled.plan.id}.mjs`), args);
}

/**
 * Goes on with a run, or takes it back, with the script and the runtime that it began with.
 * @throws RunError
 */
export async function returnToRun(mode: Back, run: string | undefined, args: readonly string[]): Promise<number> {
  // Without a name, what stands first is the script's already.
  if (run?.startsWith("-")) return await returnToRun(mode, undefined, [run, ...args]);
  const root = stateRoot(given(args, "--state"));
  const from = given(args, "--from");
  const binding = given(args, "--binding");
  if (from !== undefined) {
    const { fetchRun } = await import("../runtime/fetch-run.ts");
    run = await fetchRun(root, { from, binding, run, mode });
  }
  const folder = run === undefined ? newestMeant(root, mode) : findRun(root, run);
  const { runbook, script, runtime } = loadRun(folder).state.begin;
  // What is adopted is what the runbook's source says now.
  if (args.includes("--adopt")) return await runScriptOf(runbook, [mode, folder.run, ...args]);
  const own = join(folder.kit, `${runbook}.mjs`);
  const missing = [own, join(folder.kit, runtimeName(runtime))].find((file) => !existsSync(file));
  if (missing !== undefined) throw kitMissing(folder.run, missing, script);
  return await runScript(own, [mode, folder.run, ...args]);
}

/** What a person says of a step, and of which record. */
export interface Said {
  readonly done?: true;
  readonly notDone?: true;
  readonly why: string;
  readonly value?: string;
  readonly state?: string;
  readonly from?: string;
  readonly binding?: string;
}

/** Records what was done by hand in a run's place. @throws RunError */
export async function markStep(run: string, step: string, said: Said): Promise<number> {
  if (Boolean(said.done) === Boolean(said.notDone)) throw markWrong("say either --done or --not-done");
  // A value is never an argument of its own, so that it may begin with a hyphen.
  const given = (["why", "value", "state", "from", "binding"] as const).flatMap((name) =>
    said[name] === undefined ? [] : [`--${name}=${said[name]}`],
  );
  return await returnToRun("--resume", run, [`--mark=${step}=${said.done ? "done" : "not-done"}`, ...given]);
}

/** The value of an option of the script that must be known before the script is found. */
function given(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  const joined = args.find((each) => each.startsWith(`${option}=`));
  return joined?.slice(option.length + 1) ?? (at === -1 ? undefined : args[at + 1]);
}

function newestMeant(root: string, mode: Back): RunFolder {
  const tell = (message: string): void => void process.stderr.write(`${message}\n`);
  const stopped = stoppedRuns(root, () => true, tell);
  const newest = meant(stopped, mode, tell).at(-1);
  if (!newest) throw nothingStopped(root);
  return newest.folder;
}

/** Says what the script could not: the last line that it drew is wiped, and what to do next stands in its place. */
function tellKilled(signal: NodeJS.Signals): void {
  const wipe = process.stdout.isTTY ? "\r\u001b[J" : "";
  process.stderr.write(
    `${wipe}The script was killed (${signal}). What it had sent may still be running; nothing is forgotten.\n` +
      "  drillbook resume reads from the hosts what became of it, and goes on.\n",
  );
}

/** Runs a script of a kit in this terminal. Signals are the script's to answer. */
async function runScript(script: string, args: readonly string[]): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      // What comes from the terminal, the script hears itself: passed on, one Ctrl-C would count as two.
      if (signal === "SIGTERM" || !onTerminal()) child.kill(signal);
    });
  const child = spawn(process.execPath, [script, ...args], { stdio: "inherit" });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (signal) tellKilled(signal);
      resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
    });
  });
}

function onTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}
