import { exitCode } from "../exit-codes.ts";
import { jsonSink } from "../report/json.ts";
import { lastScreen } from "../report/last-screen.ts";
import { plainSink } from "../report/plain.ts";
import type { ExitCode, RunError } from "../run-error.ts";
import { SshTransport } from "../transport/ssh.ts";
import { Interrupt } from "./interrupt.ts";
import { checkMirror } from "./check-mirror.ts";
import { nextCommands } from "./next-commands.ts";
import { openRecord } from "./open-record.ts";
import { openSession } from "./open-session.ts";
import type { Prepared } from "./prepare.ts";
import { terminal } from "./prompt.ts";
import { runTools } from "./run-tools.ts";
import type { ScriptTools } from "./script-api.ts";
import { Secrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import { stoppedBy, verdicts } from "./stopping.ts";

type Body = (tools: ScriptTools) => Promise<void>;

/** Runs a script's body, from its beginning or from where it stopped. Resolves with the exit code. */
export async function run(prepared: Prepared, body: Body): Promise<ExitCode> {
  const started = performance.now();
  const sink = prepared.call.json ? jsonSink() : plainSink();
  using interrupt = new Interrupt(sink.notice);
  const prompt = terminal(interrupt.asked);
  const secrets = await Secrets.of(prepared.head.secrets, prepared.call.secrets, prompt);
  await checkMirror(prepared, sink.notice);
  using record = openRecord(prepared, sink);
  const { binding } = prepared.binding;
  await using transport = new SshTransport({ binding, run: record.folder.run, mode: "run" });
  await using session = openSession(prepared, record, { transport, interrupt, prompt, secrets });
  const error = await attempt(session, prepared, body);
  await session.mirror?.settled();
  for (const step of error ? [] : session.decisions.unused)
    sink.notice(`No step asked for the answer given to ${step}.`);
  const screen = {
    state: record.log.state,
    run: session.run,
    folder: record.folder.path,
    destroyed: [...session.destroyed],
    locked: session.locks.held,
    head: record.log.head,
    ...(session.mirror?.lost !== undefined && { mirrorLost: session.mirror.lost }),
    seconds: (performance.now() - started) / 1000,
  };
  const next = nextCommands(prepared, session.run, begun(record.log.state) && session.destroyed.size === 0);
  sink.closing(lastScreen(error ? { ...screen, error: error.message, next } : { ...screen, next: [] }));
  return error?.exitCode ?? exitCode.success;
}

/** Does it all, and records how it ended. Gives what stopped it, if anything did. */
async function attempt(session: Session, prepared: Prepared, body: Body): Promise<RunError | undefined> {
  const { log, locks, hosts, earlier } = session;
  try {
    await session.interrupt.watch(hosts.reach(prepared.hosts));
    // What an earlier process of this run claimed is given back by the one that completes it.
    if (earlier && begun(earlier)) await locks.take();
    await body(runTools(session, prepared.params));
    await locks.release();
    log.append({ type: "end", data: { verdict: "completed", exitCode: exitCode.success } });
    return undefined;
  } catch (caught) {
    if (process.env["DRILLBOOK_DEBUG"]) console.error(caught);
    return await stop(session, stoppedBy(caught));
  }
}

async function stop(session: Session, error: RunError): Promise<RunError> {
  const { log, locks } = session;
  try {
    // Nothing was begun that would have to be gone on with, so nothing needs holding.
    if (!begun(log.state)) await locks.release();
    const [why = ""] = error.message.split("\n");
    log.append({ type: "end", data: { verdict: verdicts[error.exitCode], exitCode: error.exitCode, why } });
    return error;
  } catch (second) {
    // The first cause is what the operator must know; that its end is not on record only makes it a run to resume.
    log.sink.notice(stoppedBy(second).message);
    return error;
  }
}

function begun(state: Session["log"]["state"]): boolean {
  return [...state.steps.values()].some(({ tokens }) => tokens.length > 0);
}
