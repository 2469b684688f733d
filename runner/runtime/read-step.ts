import { TransportError, type Result } from "../transport/transport.ts";
import { Abandoned } from "./interrupt.ts";
import { badOutput, interrupted, outcomeUnknown, stepFailed } from "./run-errors.ts";
import type { ScriptRead } from "./script-api.ts";
import type { Session } from "./session.ts";
import { captured } from "./typed.ts";
import { Held, hostName } from "./value.ts";

/** Looks, or gives what is on record from before. */
export async function read(session: Session, base: string, step: ScriptRead): Promise<Held> {
  const { log, position, interrupt } = session;
  const host = hostName(step.on);
  const shown = position.arrive(base, step.title, host);
  const { id } = shown;
  const before = session.earlier?.steps.get(id);
  if (before?.value !== undefined) return Held.known(base, before.value);
  interrupt.check();
  log.sink.step(shown);
  const result = await look(session, id, host, step);
  const output = log.keep(id, "read", result);
  if (result.status !== 0) {
    log.append({ type: "failed", step: id, data: { ...output, what: "read", status: result.status } });
    throw stepFailed(step.title, host, "command", result.status);
  }
  const value = session.secrets.mask.hid(result.stdout) ? { wrong: holdsSecret } : captured(step.gives, result.stdout);
  if ("wrong" in value) {
    log.append({ type: "failed", step: id, data: { ...output, what: "read", status: result.status } });
    throw badOutput(step.title, host, value.wrong);
  }
  log.append({ type: "read", step: id, data: { ...output, value: value.value } });
  return Held.known(base, value.value);
}

/** A value goes on record, and into other commands as it is: it can neither be kept nor masked. */
const holdsSecret = "it holds a secret of this run, and a value goes on record";

async function look(session: Session, id: string, host: string, step: ScriptRead): Promise<Result> {
  try {
    return await session.commands.inline({ ...step, host }, step.run);
  } catch (error) {
    if (error instanceof Abandoned) throw interrupted();
    if (!(error instanceof TransportError)) throw error;
    session.log.append({ type: "unknown", step: id, data: { what: "read", why: error.message } });
    throw outcomeUnknown(step.title, host, "read", error.message);
  }
}
