import { exitCode } from "../exit-codes.ts";
import { stepOf } from "../journal/step-id.ts";
import { undoScreen } from "../report/undo-screen.ts";
import type { ExitCode, RunError } from "../run-error.ts";
import { SshTransport } from "../transport/ssh.ts";
import { checkMirror } from "./check-mirror.ts";
import { asked } from "./confirm-step.ts";
import { Decisions } from "./decisions.ts";
import { Interrupt } from "./interrupt.ts";
import { commandLine } from "./next-commands.ts";
import { openRecord, sinceBegun } from "./open-record.ts";
import { openSession } from "./open-session.ts";
import type { Prepared } from "./prepare.ts";
import { around, terminal } from "./prompt.ts";
import { replay } from "./replay.ts";
import { notConfirmed } from "./run-errors.ts";
import type { StoppedRun } from "./run-record.ts";
import type { ScriptTools } from "./script-api.ts";
import { sinkOf } from "./sink-of.ts";
import { Secrets } from "./secrets.ts";
import { operatorName, type Session } from "./session.ts";
import { stoppedRunBy, tellSecond, verdicts } from "./stopping.ts";
import { stillRunsThere } from "./undo-errors.ts";
import { undoNext } from "./undo-next.ts";
import { undoPlan, type UndoPlan } from "./undo-plan.ts";
import { undoQuestion } from "./undo-question.ts";
import { undoChange } from "./undo-step.ts";

/** Takes back what a stopped run changed, the newest change first. Resolves with the exit code. */
export async function undo(
  prepared: Prepared,
  stopped: StoppedRun,
  body: (tools: ScriptTools) => Promise<void>,
): Promise<ExitCode> {
  const { run } = stopped.folder;
  const words = commandLine(prepared, run);
  const stand = await replay(body, prepared.params, stopped.state);
  const plan = undoPlan(run, stopped.state, stand, words);
  const started = performance.now();
  using sink = sinkOf(prepared);
  using interrupt = new Interrupt(sink.notice);
  const prompt = around(terminal(interrupt.asked), (_, asked) => sink.aside(asked));
  const decisions = new Decisions(prepared.call.answers, prompt);
  // An undo reads nothing from stdin.
  const secrets = await Secrets.of([], new Map(), prompt);
  await checkMirror(prepared, sink.notice);
  using record = openRecord(prepared, sink);
  const goneBefore = sinceBegun(record);
  await using transport = new SshTransport({ binding: prepared.binding.binding, run, mode: "run" });
  await using session = openSession(prepared, record, { transport, interrupt, decisions, pauses: prompt, secrets });
  const error = await attempt(session, prepared, plan);
  const seconds = (performance.now() - started) / 1000;
  await session.mirror?.settled();
  const { state } = record.log;
  const isUndone = (id: string): boolean => state.steps.get(id)?.outcome === "undone";
  const byHand = [...state.steps].flatMap(([id, { outcome }]) => (outcome === "marked not done" ? [id] : []));
  const ids = plan.toUndo.map(({ id }) => id);
  const left = plan.left.map(({ id }) => id);
  sink.closing(
    undoScreen({
      ...(error && { error: error.message }),
      undone: [...state.steps.keys()].filter(isUndone),
      open: ids.filter((id) => !isUndone(id)),
      left,
      byHand,
      locked: session.locks.held,
      folder: record.folder.path,
      head: record.log.head,
      seconds,
      goneSeconds: goneBefore + seconds,
      objectiveSeconds: prepared.head.objective.rtoSeconds,
      undoing: state.undoing,
      next: undoNext({ run, state, visited: stand.visited, left, error }, words),
    }),
  );
  return error?.exitCode ?? (left.length > 0 ? exitCode.refused : exitCode.success);
}

/** Does it all, and records how it ended. Gives what stopped it, if anything did. */
async function attempt(session: Session, prepared: Prepared, plan: UndoPlan): Promise<RunError | undefined> {
  const { log, locks, hosts, earlier } = session;
  try {
    await session.interrupt.watch(hosts.reach(prepared.hosts));
    await locks.take();
    await checkEnded(session, plan);
    if (!earlier?.undoing) await decide(session, plan);
    for (const [index, change] of plan.toUndo.entries()) {
      const { id, title, host } = change;
      session.interrupt.check();
      log.sink.step({ id, base: stepOf(id), title: `Undo: ${title}`, host, number: index + 1, of: plan.toUndo.length });
      await undoChange(session, change);
    }
    if (plan.left.length > 0) {
      const why = `no undo: ${plan.left.map(({ id }) => id).join(", ")}`;
      log.append({ type: "end", data: { verdict: "partly undone", exitCode: exitCode.refused, why } });
    } else {
      await locks.release();
      log.append({ type: "end", data: { verdict: "undone", exitCode: exitCode.success } });
    }
    return undefined;
  } catch (caught) {
    const error = stoppedRunBy(caught, log.state);
    const [why = ""] = error.message.split("\n");
    const verdict = error.exitCode === exitCode.failed ? "undo failed" : verdicts[error.exitCode];
    try {
      log.append({ type: "end", data: { verdict, exitCode: error.exitCode, why } });
    } catch (second) {
      tellSecond(log.sink, error, second);
    }
    return error;
  }
}

/** Whoever marked a step may have looked at what had not ended yet. @throws RunError DB3130 */
async function checkEnded({ commands }: Session, { ended }: UndoPlan): Promise<void> {
  for (const { id, step, host, before } of ended) {
    const last = before?.tokens.at(-1);
    if (last !== undefined && (await commands.stillRuns({ ...step, host }, last))) throw stillRunsThere(id, host);
  }
}

/** Undo is never automatic: what it comes to is shown, and somebody says yes. */
async function decide(session: Session, plan: UndoPlan): Promise<void> {
  const again = `--undo ${session.run}`;
  const { text, means, what } = undoQuestion(session.run, plan);
  const wants = [{ answer: "yes", means }] as const;
  const decision = await asked(session, { step: "undo", text: `${text}\nType yes to go on.`, wants }, again);
  if (decision.answer === undefined) throw notConfirmed("The undo", again);
  // Who has given the answer by name was not shown the question.
  if (decision.how === "given") session.log.sink.notice(text);
  session.log.append({ type: "resolved", data: { what, by: operatorName(session.operator), why: decision.how } });
}
