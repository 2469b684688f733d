import { exitCode } from "../exit-codes.ts";
import type { RunState } from "../journal/fold.ts";
import type { Value } from "../journal/record.ts";
import { JournalWriter } from "../journal/writer.ts";
import type { ExitCode } from "../run-error.ts";
import type { Mark } from "./arguments.ts";
import { checkMirror } from "./check-mirror.ts";
import { cannotMark, markWrong } from "./mark-errors.ts";
import { commandLine } from "./next-commands.ts";
import { notDoneHindered } from "./not-done.ts";
import { takenOver } from "./open-record.ts";
import type { Prepared } from "./prepare.ts";
import { replay, type Stand } from "./replay.ts";
import type { StoppedRun } from "./run-record.ts";
import type { ScriptTools } from "./script-api.ts";
import { operatorName } from "./session.ts";
import { typed } from "./typed.ts";
import { beingUndone } from "./undo-errors.ts";

/**
 * Records what was done by hand in a stopped run's place, or found not to have happened. No host is contacted but the
 * one that has a copy of the record: the resume that follows asks the postcondition.
 * @throws RunError DB3114, DB3117 to DB3120
 */
export async function mark(
  prepared: Prepared,
  { folder, journal, state }: StoppedRun,
  wanted: Mark,
  body: (tools: ScriptTools) => Promise<void>,
): Promise<ExitCode> {
  await checkMirror(prepared, (text) => process.stderr.write(`${text}\n`));
  const stand = await replay(body, prepared.params, state);
  const { step, as, why } = wanted;
  const value = as === "done" ? done(folder.run, state, stand, wanted) : notDone(state, stand, wanted);
  const writer = JournalWriter.open(folder.journal, journal);
  const before = state.steps.get(step)?.outcome;
  const notDoneWords = before === "marked done" ? "not done after all" : "not in effect";
  const what = as === "done" ? "done by hand" : state.undoing ? "taken back by hand" : notDoneWords;
  const { operator } = prepared.begin;
  const { from } = prepared.call;
  if (from !== undefined) writer.append(takenOver(from, state.operator, operator));
  const by = operatorName(operator);
  writer.append({
    type: "resolved",
    step,
    data: { what, by, why, mark: as === "done" ? "done" : "not done", ...(value !== undefined && { value }) },
  });
  writer.close();
  const next = commandLine(prepared, folder.run)(state.undoing ? "--undo" : "--resume", folder.run);
  process.stdout.write(`${step} is marked: ${what}. Next:\n  ${next}\nHead: ${writer.head}\n`);
  return exitCode.success;
}

/** The step at hand, done by a person: a change, or a read with what it gives. */
function done(run: string, state: RunState, stand: Stand, { step, value }: Mark): Value | undefined {
  if (state.undoing) throw beingUndone(run);
  const atHand = stand.atHand.find(({ id }) => id === step);
  const instead = stand.atHand.map(({ id }) => id).join(" or ");
  if (!atHand) throw cannotMark(step, "it is not the step at hand", instead || undefined);
  switch (atHand.kind) {
    case "confirm":
      throw cannotMark(step, "a question is answered, not marked", undefined);
    case "change":
      if (value !== undefined) throw markWrong(`${step} is a change, and gives no value`);
      return undefined;
    case "read": {
      if (value === undefined) throw markWrong(`${step} is a read: --value says what it gives`);
      const read = typed(atHand.step.gives, value);
      if ("wrong" in read) throw markWrong(`--value cannot be ${JSON.stringify(value)}: ${read.wrong}`);
      return read.value;
    }
  }
}

function notDone(state: RunState, { visited }: Stand, { step, value }: Mark): undefined {
  if (value !== undefined) throw markWrong("what is not done gives no value");
  const hindrance = notDoneHindered(state, visited, step);
  if (hindrance) throw cannotMark(step, hindrance.why, hindrance.instead);
}
