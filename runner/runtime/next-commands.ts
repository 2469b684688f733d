import { basename, join } from "node:path";
import { runFolder, usualRoot } from "../journal/state.ts";
import type { Next } from "../report/last-screen.ts";
import { shellWord } from "../report/words.ts";
import type { RunError } from "../run-error.ts";
import { commonOptions, type Option } from "./options.ts";
import type { Prepared } from "./prepare.ts";
import { HostLocked } from "./run-errors.ts";
import type { Session } from "./session.ts";

/** Commands that are safe after a run that stopped, each whole: they can be pasted into any shell of this machine. */
export function nextCommands(prepared: Prepared, { run, log, destroyed }: Session, error: RunError): readonly Next[] {
  const { kit, binding, begin, root } = prepared;
  const node = (script: string, ...words: readonly string[]): string =>
    ["node", script, ...words].map(shellWord).join(" ");
  const params = Object.entries(begin.params).map(([name, text]) => `--${name}=${text}`);
  // Its own copy: the script that was called may have been compiled anew meanwhile.
  const script = join(runFolder(root, run).kit, basename(kit.script.path));
  const state = root === usualRoot() ? [] : ["--state", root];
  const own = (...words: readonly string[]): string => node(script, ...words, ...state);

  const steps = [...log.state.steps];
  const changed = steps.some(([, { outcome }]) => outcome === "done");
  const [open] = steps.find(([, { outcome }]) => ["failed", "unknown", "intended"].includes(outcome)) ?? [];
  return [
    {
      command: node(kit.script.path, "--plan", "--binding", binding.path, ...params),
      what: "looks, and says what is in effect and what is left; changes nothing",
    },
    {
      command: own("--resume", run),
      what: `${goesOn[error.exitCode] ?? "goes on"}; completed steps are not run again`,
    },
    ...(error instanceof HostLocked && !error.alive
      ? [
          {
            command: own("--resume", run, "--break-lock", error.holder),
            what: `only if ${error.holder} is given up for good: takes its hosts, and goes on with this run`,
          },
        ]
      : []),
    ...(has("mark") && open !== undefined
      ? [
          {
            command: own("--resume", run, "--mark", `${open}=done`, "--why", "done by hand"),
            what: "only if you have done this step by hand: records that, and goes on behind it",
          },
        ]
      : []),
    ...(has("undo") && changed && destroyed.size === 0
      ? [{ command: own("--undo", run), what: "takes back what this run changed, newest first; asks before it does" }]
      : []),
  ];
}

/** Whether scripts have that option: what a script cannot do is not offered. */
function has(name: string): boolean {
  return (commonOptions as readonly Option[]).some((option) => option.name === name);
}

/** What a resume does first, by how the run stopped. */
const goesOn: Readonly<{ [exitCode: number]: string }> = {
  1: "once the cause is mended: goes on with the step that failed",
  3: "once what was refused is in order: goes on with this run",
  4: "reads the outcome that is not known from its host, and goes on",
  5: "once the host is free: goes on with this run",
  130: "goes on where it stopped",
};
