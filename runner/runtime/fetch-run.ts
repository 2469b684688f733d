import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fold } from "../journal/fold.ts";
import { refuseHeld } from "../journal/hold.ts";
import type { Back } from "../journal/meant.ts";
import { parseJournal, readJournal, type Journal } from "../journal/reader.ts";
import { isRunOf } from "../journal/run-id.ts";
import { createRunFolder, runFolder, stateRoot } from "../journal/state.ts";
import { syncFolder } from "../journal/sync.ts";
import { SshTransport } from "../transport/ssh.ts";
import { backOf, type Call } from "./arguments.ts";
import { readBinding } from "./binding-file.ts";
import { missingOption } from "./call-errors.ts";
import { MirrorCopy, type MirroredRun } from "./mirror-copy.ts";
import { mirrorDamaged } from "./mirror-errors.ts";
import { nothingToResume, notOneRun } from "./run-errors.ts";
import { readCalled, writeCalled } from "./called.ts";
import { stoppedBy } from "./stopping.ts";
import { notFollowing, type TwoRecords } from "./two-records.ts";

/** What is wanted of a mirror. */
export interface Wanted {
  readonly from: string;
  /** Where left out, the one that this machine's record of the run was called with. */
  readonly binding?: string | undefined;
  readonly mode: Back;
  /** Where left out, the only one that is not over: of the runbook, or of all without one. */
  readonly run?: string | undefined;
  readonly runbook?: string | undefined;
}

/** {@link fetchRun} for a script that was called so. Gives the run. */
export async function takeOver(runbook: string, call: Call, from: string): Promise<string> {
  const { binding, run, state } = call;
  return await fetchRun(stateRoot(state), { from, binding, run, runbook, mode: backOf(call) });
}

/**
 * Brings a run's record from the host that it is mirrored to, checks it, and puts it where this machine's runs are.
 * Gives the run. @throws RunError DB3005, DB3120, DB3121, DB3126, and what reading a journal throws
 */
export async function fetchRun(root: string, wanted: Wanted): Promise<string> {
  const { from, mode } = wanted;
  const { binding, path } = readBinding(bindingOf(root, wanted));
  try {
    await using transport = new SshTransport({ binding, run: "mirror", mode: "plan" });
    await using connection = await transport.connect(from);
    const run = chosen(wanted, await MirrorCopy.runs(connection));
    const copy = new MirrorCopy(connection, run);
    const files = (await copy.files()).filter((file) =>
      /^(?:journal\.jsonl|(?:kit|output)\/[\w-][\w.-]*)$/u.test(file),
    );
    const contents = new Map<string, Uint8Array>();
    for (const file of files) contents.set(file, await copy.get(file));
    const journal = parseJournal(contents.get("journal.jsonl") ?? new Uint8Array(), `${from}:${run}`);
    if (journal.run !== run) throw mirrorDamaged(run, from, `it is a record of ${journal.run}`);
    if (!contents.has(`kit/${fold(journal.records).begin.runbook}.mjs`))
      throw mirrorDamaged(run, from, "its kit is missing");
    place(root, journal, contents, { binding: path, host: from, mode });
    return run;
  } catch (error) {
    throw stoppedBy(error);
  }
}

function bindingOf(root: string, { binding, run }: Wanted): string {
  const known = binding ?? (run === undefined ? undefined : readCalled(runFolder(root, run)).binding);
  if (known === undefined) throw missingOption("--binding", "FILE", "it says where the hosts are");
  return known;
}

function chosen({ from, run, runbook, mode }: Wanted, runs: readonly MirroredRun[]): string {
  const meant = (each: MirroredRun): boolean =>
    run === undefined ? !each.over && (runbook === undefined || isRunOf(runbook, each.run)) : each.run === run;
  const fitting = runs.filter(meant).map((each) => each.run);
  const [only, another] = fitting;
  if (only === undefined) throw nothingToResume(runbook ?? run ?? "any runbook", `the mirror on ${from}`, mode);
  if (another !== undefined) throw notOneRun(runbook ?? "the mirror", fitting, mode);
  return only;
}

/** A record that is here already must be the beginning of what came. */
function place(
  root: string,
  journal: Journal,
  contents: ReadonlyMap<string, Uint8Array>,
  source: Pick<TwoRecords, "binding" | "host" | "mode">,
): void {
  const { run } = journal;
  const folder = runFolder(root, run);
  const called = { binding: source.binding, mirror: source.host };
  const write = (path: string): void => {
    for (const [file, bytes] of contents) {
      const whole = join(path, file);
      mkdirSync(dirname(whole), { recursive: true, mode: 0o700 });
      writeFileSync(`${whole}.new`, bytes, { mode: 0o600 });
      renameSync(`${whole}.new`, whole);
    }
  };
  if (!existsSync(folder.journal)) {
    createRunFolder(root, run, (unborn) => {
      write(unborn.path);
      writeCalled(unborn, called);
    });
    return;
  }
  refuseHeld(folder);
  const refusal = notFollowing({ folder, here: readJournal(folder.journal), there: journal, ...source });
  if (refusal) throw refusal;
  write(folder.path);
  writeCalled(folder, called);
  syncFolder(folder.path);
}
