import { execFile } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { sha256 } from "../journal/line.ts";
import type { Adopted, Begin } from "../journal/record.ts";
import type { RunFolder } from "../journal/state.ts";
import { syncFolder } from "../journal/sync.ts";
import { adoptionWords } from "../report/adoption-words.ts";
import { rehearsalWords } from "../report/rehearsal-words.ts";
import { notCompared, recordUntrue } from "./adopt-errors.ts";
import type { Decisions } from "./decisions.ts";
import { untrueOf } from "./keeps-record.ts";
import type { KitIdentity } from "./kit-identity.ts";
import { rehearsalFile, type Rehearsed } from "./rehearsed.ts";
import { replay } from "./replay.ts";
import { notConfirmed } from "./run-errors.ts";
import type { StoppedRun } from "./run-record.ts";
import { checkSame } from "./same-run.ts";
import type { ScriptHead, ScriptTools } from "./script-api.ts";
import { differenceOf } from "./script-difference.ts";
import { stepsOf, type ScriptSteps } from "./script-steps.ts";
import type { Held } from "./value.ts";

/** A mended script that a stopped run could go on with: nothing stands against it but a person's yes. */
export interface Adoption {
  readonly adopted: Omit<Adopted, "by" | "how">;
  readonly question: string;
}

interface Mended {
  readonly head: ScriptHead;
  readonly body: (tools: ScriptTools) => Promise<void>;
  readonly params: Readonly<Record<string, Held>>;
  readonly begin: Begin;
  readonly rehearsed: Rehearsed;
}

/**
 * Compares a mended script with the one that a run began with, and holds it to the run's record. Nothing where it is the
 * same script. @throws RunError DB3123, DB3124; DB3312 for parameters and pins
 */
export async function adoptionOf(stopped: StoppedRun, mended: Mended): Promise<Adoption | undefined> {
  const { folder, state } = stopped;
  const { begin, head, body, params } = mended;
  const was = state.begin;
  if (was.script === begin.script && was.runtime === begin.runtime) return undefined;
  const [before, now] = [await stepsBefore(folder, was), await stepsOf(head, body)];
  checkSame(folder.run, asAdopted(was, mended, before), begin);
  const stand = await replay(body, params, state);
  const wrong = untrueOf(state, before, now, stand);
  if (wrong.length > 0) throw recordUntrue(folder.run, wrong);
  const { script, runtime, plan, params: given, pins } = begin;
  const adopted = { from: { script: was.script, runtime: was.runtime, plan: was.plan }, script, runtime, plan };
  const difference = differenceOf(before, now);
  const question = [
    ...adoptionWords({ ...adopted, difference }, { before, now }, [...state.steps.keys()], stand.atHand[0]?.id),
    rehearsalWords(mended.rehearsed).text,
    "To go on with it, type: yes",
  ].join("\n");
  return { adopted: { ...adopted, params: given, pins, difference }, question };
}

/** Asks, and puts the mended script into the run's own kit. The one before stays there, under its digest. */
export async function adopt(
  { adopted, question }: Adoption,
  { folder, state }: StoppedRun,
  { kit, decisions, by }: { readonly kit: KitIdentity; readonly decisions: Decisions; readonly by: string },
): Promise<Adopted> {
  const again = `--resume ${folder.run} --adopt`;
  const means = "the run goes on with this script in place of the one that it began with";
  const decision = await decisions.ask({ step: "adopt", text: question, wants: [{ answer: "yes", means }] }, again);
  if (decision.answer === undefined) throw notConfirmed("The mended script", again);
  const { runbook, script } = state.begin;
  const own = join(folder.kit, `${runbook}.mjs`);
  const before = scriptIn(folder, script);
  if (before === own) copyFileSync(own, join(folder.kit, `${runbook}-${script.slice(0, 12)}.mjs`));
  place(kit.runtime.path, join(folder.kit, basename(kit.runtime.path)));
  place(rehearsalFile(kit, runbook), rehearsalFile({ ...kit, script: { ...kit.script, path: own } }, runbook));
  place(kit.script.path, own);
  syncFolder(folder.kit);
  return { ...adopted, by, how: decision.how };
}

/** Copies a file, where there is one, whole or not at all. */
function place(from: string, to: string): void {
  if (from === to) return;
  try {
    copyFileSync(from, `${to}.new`);
    renameSync(`${to}.new`, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** The file in a run's kit that has these bytes. */
function scriptIn({ kit }: RunFolder, digest: string): string | undefined {
  return readdirSync(kit)
    .map((file) => join(kit, file))
    .find((file) => file.endsWith(".mjs") && sha256(readFileSync(file)) === digest);
}

/** What the script says that the run began with: it is asked itself, with its own runtime. */
async function stepsBefore(folder: RunFolder, { script }: Begin): Promise<ScriptSteps> {
  const file = scriptIn(folder, script);
  if (file === undefined) throw notCompared(folder.run, "it is not in the run's folder any more");
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file, "--outline"], {
      maxBuffer: 64 * 1024 * 1024,
    });
    const steps = JSON.parse(stdout) as ScriptSteps;
    if (steps.v !== 1) throw new Error(`it tells its steps in version ${String(steps.v)}`);
    return steps;
  } catch (error) {
    throw notCompared(folder.run, (error instanceof Error ? error.message : String(error)).trim());
  }
}

/** The beginning as it would be on record with the mended script: what that one alone knows is no difference. */
function asAdopted(was: Begin, { head, begin }: Mended, before: ScriptSteps): Begin {
  return {
    ...was,
    script: begin.script,
    runtime: begin.runtime,
    plan: begin.plan,
    params: Object.fromEntries([
      ...Object.entries(begin.params).filter(([name]) => !before.params.includes(name)),
      ...Object.entries(was.params).filter(([name]) => name in head.params),
    ]),
    pins: { ...begin.pins, ...was.pins },
  };
}
