import { basename, join } from "node:path";
import { exitCode } from "../exit-codes.ts";
import { runFolder, usualRoot } from "../journal/state.ts";
import type { Next } from "../report/last-screen.ts";
import { shellWord } from "../report/words.ts";
import type { RunError } from "../run-error.ts";
import type { Prepared } from "./prepare.ts";
import { HostLocked } from "./run-errors.ts";
import type { Session } from "./session.ts";

/** Writes calls of this run's own copy of its script, whole: the one that was called may have been compiled anew meanwhile. */
export function commandLine({ kit, root }: Prepared, run: string): (...words: readonly string[]) => string {
  return callOf(join(runFolder(root, run).kit, basename(kit.script.path)), root);
}

function callOf(script: string, root: string): (...words: readonly string[]) => string {
  const state = root === usualRoot() ? [] : ["--state", root];
  return (...words) => ["node", script, ...words, ...state].map(shellWord).join(" ");
}

/** Commands that are safe after a run that stopped, each whole: they can be pasted into any shell of this machine. */
export function nextCommands(prepared: Prepared, { run, log, destroyed }: Session, error: RunError): readonly Next[] {
  const { head, kit, root, binding, begin } = prepared;
  const own = commandLine(prepared, run);
  // A list is given by one option an item: a command is one line.
  const params = Object.entries(begin.params).flatMap(([name, text]) =>
    (head.params[name]?.type.type === "list" ? text.split("\n") : [text]).map((item) => `--${name}=${item}`),
  );

  const steps = [...log.state.steps];
  const changed = steps.some(([, { outcome }]) => outcome === "done");
  const [open] = steps.find(([, { outcome }]) => ["failed", "unknown", "intended"].includes(outcome)) ?? [];
  return [
    {
      command: ["node", kit.script.path, "--plan", "--binding", binding.path, ...params].map(shellWord).join(" "),
      what: "looks, and says what is in effect and what is left; changes nothing",
    },
    {
      command: own("--resume", run),
      what: `${goesOn[error.exitCode] ?? "goes on"}; completed steps are not run again`,
    },
    // Where the run's own copy was called, nothing here knows where the mended script will be.
    ...(error.exitCode === exitCode.failed &&
    kit.script.path !== join(runFolder(root, run).kit, basename(kit.script.path))
      ? [
          {
            command: callOf(kit.script.path, root)("--resume", run, "--adopt"),
            what: "once the runbook is mended and compiled anew: shows what differs, asks, and goes on with it",
          },
        ]
      : []),
    ...(error instanceof HostLocked && !error.alive
      ? [
          {
            command: own("--resume", run, "--break-lock", error.holder),
            what: `only if ${error.holder} is given up for good: takes its hosts, and goes on with this run`,
          },
        ]
      : []),
    ...(open !== undefined
      ? [
          {
            command: own("--resume", run, "--mark", `${open}=done`, "--why", "done by hand"),
            what: "only if you have done this step by hand: records that; then resume",
          },
        ]
      : []),
    ...(changed && destroyed.size === 0
      ? [
          {
            command: own("--undo", run),
            what: "shows what can be taken back, asks, and takes it back, the newest first",
          },
        ]
      : []),
  ];
}

/** What a resume does first, by how the run stopped. */
const goesOn: Readonly<{ [exitCode: number]: string }> = {
  1: "once the cause is mended: goes on with the step that failed",
  3: "once what was refused is in order: goes on with this run",
  4: "reads the outcome that is not known from its host, and goes on",
  5: "once the host is free: goes on with this run",
  130: "goes on where it stopped",
};
