import { exitCode } from "../exit-codes.ts";
import type { Back } from "../journal/meant.ts";
import type { Answer } from "../journal/record.ts";
import { shellWord } from "../report/words.ts";
import { RunError, type ExitCode } from "../run-error.ts";
import type { Claim, TransportError } from "../transport/transport.ts";
import type { Choice } from "./decisions.ts";

/** What can stop a run: refusals before harm, observed failures, and what could not be observed. */

export const stepFailed = (step: string, host: string, what: string, status: number): RunError =>
  new RunError(
    "DB3301",
    exitCode.failed,
    `${step} failed on ${host}: its ${what} ended with exit status ${status}.`,
    "Mend what it says above, then resume: completed steps are not run again.",
  );

export const badOutput = (step: string, host: string, wrong: string): RunError =>
  new RunError(
    "DB3302",
    exitCode.failed,
    `What ${step} gave on ${host} is refused: ${wrong}.`,
    "The output is kept whole beside the journal. Mend its cause on the host, then resume.",
  );

export const outcomeUnknown = (step: string, host: string, what: string, why: string): RunError =>
  new RunError(
    "DB3303",
    exitCode.unknown,
    `The outcome of the ${what} of ${step} on ${host} is not known: ${why}`,
    "Resume: the outcome is read from the host; what it cannot tell is probed or asked, never guessed.",
  );

export const guardRefused = (step: string, host: string, title: string, answer: Answer, detail: string): RunError =>
  new RunError(
    "DB3304",
    exitCode.refused,
    `${step} was not begun on ${host}: the guard "${title}" ${answer === "no" ? "does not hold" : "gave no answer"}.` +
      (detail ? `\n  ${detail}` : ""),
    "Nothing of this step was sent. Bring about what the guard wants, then resume; where it was being undone, undo again.",
  );

/** @param again the call that asks again: `--resume RUN` */
export const notConfirmed = (step: string, again: string): RunError =>
  new RunError(
    "DB3305",
    exitCode.refused,
    `${step} was not confirmed.`,
    `Nothing of it was done. It is asked again by ${again}.`,
  );

/** @param again the call that asks again: `--resume RUN` */
export const nobodyToAsk = (step: string, choices: readonly Choice[], again: string): RunError =>
  new RunError(
    "DB3306",
    exitCode.refused,
    `${step} asks a person, and there is no terminal.`,
    `On a terminal it is asked again by ${again}. Or give the answer by name:${answersOf(choices, step, again)}`,
  );

/** @param again the call that asks again: `--resume RUN` */
export const wrongAnswer = (step: string, given: string, choices: readonly Choice[], again: string): RunError =>
  new RunError(
    "DB3307",
    exitCode.refused,
    `The answer given to ${step} is ${JSON.stringify(given)}, and it wants ${choices.map(({ answer }) => answer).join(" or ")}.`,
    `Give it by name:${answersOf(choices, step, again)}`,
  );

/** Every answer with what it means: none is the harmless one. */
function answersOf(choices: readonly Choice[], step: string, again: string): string {
  return choices
    .map(({ answer, means }) => `\n    ${again} --answer ${shellWord(`${step}=${answer}`)}\n        ${means}`)
    .join("");
}

export const hostNotReached = (error: TransportError): RunError =>
  new RunError(
    "DB3308",
    exitCode.refused,
    `${error.host} cannot be worked on: ${error.message}`,
    "Nothing of the step at hand was sent to it. Mend the cause or the binding, then resume; where the run was being undone, undo again.",
  );

interface Holder {
  readonly run: string;
  readonly alive: boolean;
}

/** Another run holds a host. */
export class HostLocked extends RunError {
  /** That run. */
  readonly holder: string;
  readonly alive: boolean;

  constructor(holder: Holder, code: string, answer: ExitCode, message: string, remedy: string) {
    super(code, answer, message, remedy);
    this.holder = holder.run;
    this.alive = holder.alive;
  }
}

export const hostLocked = (host: string, holder: Claim, alive: boolean): RunError =>
  new HostLocked(
    { run: holder.run, alive },
    "DB3309",
    exitCode.locked,
    holder.run === ""
      ? `${host} is held by another run, which has not said yet whose it is.`
      : `${host} is held by the run ${holder.run} (${holder.runbook}) of ${holder.who}, since ${holder.since}; ` +
          (alive ? "it is alive." : "its runner is gone, and it was not completed."),
    alive
      ? holder.run === ""
        ? "Try again in a moment. Where that changes nothing, it could not write there: look after the host's disks."
        : "Wait for it, or let its operator interrupt it."
      : `Let it be resumed (--resume ${holder.run}), or decide that it is abandoned: --break-lock ${holder.run}.`,
  );

export const interrupted = (): RunError =>
  new RunError(
    "DB3310",
    exitCode.interrupted,
    "Stopped between two steps, as you asked.",
    "Resume goes on where it stopped; where the run was being undone, undo again does.",
  );

export const planStopped = (): RunError =>
  new RunError(
    "DB3321",
    exitCode.interrupted,
    "The plan was left before its end, as you asked.",
    "Nothing was changed, and nothing is on record. Plan again: it begins anew.",
  );

export const stoppedAfter = (step: string): RunError =>
  new RunError(
    "DB3320",
    exitCode.interrupted,
    `Stopped after ${step}, as --until asked.`,
    "Resume goes on with the step that follows.",
  );

export const repeatedItem = (step: string, item: string): RunError =>
  new RunError(
    "DB3311",
    exitCode.refused,
    `The list of ${step} has ${JSON.stringify(item)} twice, and its steps are told apart by their items.`,
    "Mend what the list is read from, then begin a new run.",
  );

export const otherRun = (run: string, differences: readonly string[]): RunError =>
  new RunError(
    "DB3312",
    exitCode.refused,
    `The run ${run} was begun with something else:\n  ${differences.join("\n  ")}`,
    "A run is resumed with what it began with; its script and runtime are kept in its folder, under kit/. " +
      "To go on with a mended script: --adopt; with a replaced machine: drillbook enroll HOST --binding FILE.",
  );

export const machineReplaced = (run: string, host: string, steps: readonly string[]): RunError =>
  new RunError(
    "DB3125",
    exitCode.refused,
    `${host} is another machine since ${run} began, and what the run did was done on the former one: ${steps.join(", ")}.`,
    "A new run does all of it on the new machine. --break-lock on it says that this one is given up.",
  );

/** @param runs a line each, the newest last */
export const notOneRun = (runbook: string, runs: readonly string[], mode: Back): RunError =>
  new RunError(
    "DB3317",
    exitCode.usage,
    `${runs.length} runs of ${runbook} have stopped before their end, the newest last:\n  ${runs.join("\n  ")}`,
    `Name the one you mean: ${mode} RUN.`,
  );

export const runOfOther = (run: string, runbook: string, script: string): RunError =>
  new RunError(
    "DB3318",
    exitCode.refused,
    `The run ${run} is one of ${runbook}, and this script is ${script}.`,
    "Resume it with its own script; a copy is in the run's folder, under kit/.",
  );

export const runOver = (run: string, verdict: string, mode: Back): RunError =>
  new RunError(
    "DB3313",
    exitCode.usage,
    `The run ${run} is ${verdict}; there is nothing to resume or to undo.`,
    `Leave ${mode} out to begin a new run. What a complete run brought about is what the farm stands on by now.`,
  );

export const nothingToResume = (runbook: string, root: string, mode: Back): RunError =>
  new RunError(
    "DB3314",
    exitCode.usage,
    `No run of ${runbook} in ${root} has stopped before its end.`,
    `Leave ${mode} out to begin a new run; --state DIR names another place.`,
  );

export const stillRunning = (run: string, pid: number): RunError =>
  new RunError(
    "DB3315",
    exitCode.locked,
    `The run ${run} still goes on in process ${pid} of this machine.`,
    "Interrupt that process, then resume.",
  );

export const locksHeldAlive = (host: string, run: string): RunError =>
  new RunError(
    "DB3316",
    exitCode.locked,
    `${run} still works on ${host}: its runner is connected, or a command of it still runs there. A claim is broken only when nothing is alive behind it.`,
    `Interrupt that run, or wait for its command: a resume of it takes the command up again. Records in /var/lib/drillbook/runs/${run} there name its process.`,
  );

export const outcomeNotWritten = (step: string, why: string): RunError =>
  new RunError(
    "DB3355",
    exitCode.unknown,
    `${step} was sent, and what became of it could not be written down.\n  ${why}`,
    "Make room there, then resume: it reads from the host what became of it.",
  );

export const scriptBroken = (error: unknown): RunError =>
  new RunError(
    "DB3319",
    exitCode.failed,
    `The script or its runtime is at fault: ${error instanceof Error ? error.message : String(error)}`,
    "DRILLBOOK_DEBUG=1 shows where. What was done is on record, and can be resumed with the same script.",
  );
