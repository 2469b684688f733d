import { exitCode } from "../exit-codes.ts";
import { isBegun } from "../journal/fold.ts";
import { lastScreen } from "../report/last-screen.ts";
import { rehearsalWords } from "../report/rehearsal-words.ts";
import type { Sink } from "../report/sink.ts";
import type { ExitCode, RunError } from "../run-error.ts";
import { SshTransport } from "../transport/ssh.ts";
import { adopt } from "./adopt.ts";
import { Decisions } from "./decisions.ts";
import { Interrupt } from "./interrupt.ts";
import { checkMirror } from "./check-mirror.ts";
import { endingOf } from "./ending.ts";
import { Notifier } from "./notifier.ts";
import { openRecord, sinceBegun, type OpenRecord } from "./open-record.ts";
import { openSession } from "./open-session.ts";
import type { Prepared } from "./prepare.ts";
import { around, terminal } from "./prompt.ts";
import { runTools } from "./run-tools.ts";
import type { ScriptTools } from "./script-api.ts";
import { Secrets } from "./secrets.ts";
import { sinkOf } from "./sink-of.ts";
import { operatorName, type Session } from "./session.ts";
import { stoppedRunBy, tellSecond, verdicts } from "./stopping.ts";

type Body = (tools: ScriptTools) => Promise<void>;

/** Runs a script's body, from its beginning or from where it stopped. Resolves with the exit code. */
export async function run(prepared: Prepared, body: Body): Promise<ExitCode> {
  const started = performance.now();
  using sink = sinkOf(prepared);
  using interrupt = new Interrupt(sink.notice);
  const pauses = around(terminal(interrupt.asked), (_, asked) => sink.aside(asked));
  const secrets = await Secrets.of(prepared.head.secrets, prepared.call.secrets, pauses);
  await checkMirror(prepared, sink.notice);
  let notifier: Notifier | undefined;
  const prompt = around(pauses, (message, asked) => {
    notifier?.notify({ event: "waiting", message });
    return asked();
  });
  const decisions = new Decisions(prepared.call.answers, prompt);
  const { adoption, stopped, kit, begin } = prepared;
  const by = operatorName(begin.operator);
  const adopted = adoption && stopped && (await adopt(adoption, stopped, { kit, decisions, by }));
  using record = openRecord(prepared, sink);
  if (adopted) record.log.append({ type: "adopted", data: adopted });
  // From here on by a clock that cannot be set.
  const goneBefore = sinceBegun(record);
  sink.began(goneBefore);
  sink.notice(rehearsalWords(prepared.rehearsed).text);
  notifier = notifierOf(prepared, record, sink);
  const { binding } = prepared.binding;
  await using transport = new SshTransport({ binding, run: record.folder.run, mode: "run" });
  await using session = openSession(prepared, record, { transport, interrupt, decisions, pauses, secrets });
  notifier.notify({ event: "begin", message: `${prepared.head.id} on ${prepared.hosts.join(", ")}` });
  const error = await attempt(session, prepared, body);
  await session.mirror?.settled();
  for (const step of error ? [] : session.decisions.unused)
    sink.notice(`No step asked for the answer given to ${step}.`);
  const seconds = (performance.now() - started) / 1000;
  sink.closing(lastScreen(endingOf(session, prepared, record.folder.path, { seconds, goneBefore }, error)));
  const answer = error?.exitCode ?? exitCode.success;
  const message = error?.message ?? `${prepared.head.id} is complete.`;
  notifier.notify({ event: error ? "failed" : "end", message, exitCode: answer });
  await notifier.settled();
  return answer;
}

function notifierOf({ call, head, begin }: Prepared, { folder }: OpenRecord, sink: Sink): Notifier {
  const of = { run: folder.run, runbook: head.id, operator: begin.operator, folder: folder.path };
  return new Notifier(call.notify, of, sink.notice);
}

/** Does it all, and records how it ended. Gives what stopped it, if anything did. */
async function attempt(session: Session, prepared: Prepared, body: Body): Promise<RunError | undefined> {
  const { log, locks, hosts, earlier } = session;
  try {
    await session.interrupt.watch(hosts.reach(prepared.hosts));
    // What an earlier process of this run claimed is given back by the one that completes it.
    if (earlier && hasBegun(earlier)) await locks.take();
    await body(runTools(session, prepared.params));
    await locks.release();
    log.append({ type: "end", data: { verdict: "completed", exitCode: exitCode.success } });
    return undefined;
  } catch (caught) {
    if (process.env["DRILLBOOK_DEBUG"]) console.error(caught);
    return await stop(session, prepared, stoppedRunBy(caught, log.state));
  }
}

async function stop(session: Session, prepared: Prepared, error: RunError): Promise<RunError> {
  const { log, locks } = session;
  try {
    if (needsNoHolding(prepared, log.state)) await locks.release();
    const [why = ""] = error.message.split("\n");
    log.append({ type: "end", data: { verdict: verdicts[error.exitCode], exitCode: error.exitCode, why } });
    return error;
  } catch (second) {
    tellSecond(log.sink, error, second);
    return error;
  }
}

/** Whether another run may have the hosts, though this one stopped before its end. */
function needsNoHolding({ head, outline }: Prepared, state: Session["log"]["state"]): boolean {
  const begun = [...state.steps].filter(([, step]) => isBegun(step));
  if (begun.length === 0) return true;
  // The next night's backup must not be kept away by this one's failure, where all of it was seen.
  return (
    head.kind === "backup" &&
    begun.every(
      ([id, { outcome }]) => outcome !== "intended" && outcome !== "unknown" && !outline.of(id)?.destroys.length,
    )
  );
}

function hasBegun(state: Session["log"]["state"]): boolean {
  return [...state.steps.values()].some(isBegun);
}
