import { mayBeInEffect } from "../journal/fold.ts";
import type { Connection, Result } from "../transport/transport.ts";
import { observed, verify, type Changing } from "./changing.ts";
import { decide } from "./confirm-step.ts";
import { guardTitle, holdGuards } from "./guards.ts";
import { stepFailed } from "./run-errors.ts";
import type { ScriptChange, ScriptGuard } from "./script-api.ts";
import type { Session } from "./session.ts";
import { settle } from "./settle.ts";
import { held, hostName } from "./value.ts";

/** Brings a change about, unless that is on record; what was begun before and has no outcome is settled first. */
export async function change(session: Session, base: string, step: ScriptChange): Promise<void> {
  const { log, position } = session;
  const host = hostName(step.on);
  const shown = position.arrive(base, step.title, host);
  const { id } = shown;
  const destroys = (step.destroys ?? []).map(({ of, asset }) => `${hostName(of)} ${asset}`);
  const before = session.earlier?.steps.get(id);
  if (before && mayBeInEffect(before)) for (const each of destroys) session.destroyed.add(each);
  if (before?.outcome === "done") return;

  session.interrupt.check();
  await session.locks.take();
  log.sink.step(shown);
  const changing: Changing = { session, id, step, at: { ...step, host }, since: performance.now() };
  const settled = await settle(changing, before);
  if (settled.state === "in effect") return finish(changing, settled.how);
  if (settled.state === "ended") return await conclude(changing, settled.result);

  await session.pace.before(step, host, session.interrupt.asked);
  const guards = (): Promise<Connection> =>
    holdGuards(session, id, step.title, changing.at, guardsOf(step, destroys.length > 0));
  let connection = await guards();
  // A person takes time: what the guards said before the question may not hold after it.
  if (destroys.length > 0 && !before?.confirmed && (await confirmDestruction(changing, destroys)) === "typed")
    connection = await guards();
  const stdin = stdinOf(session, step);
  log.append({ type: "intent", step: id, data: { host, token: settled.token } });
  await session.mirror?.settled();
  for (const each of destroys) session.destroyed.add(each);
  const result = await observed(changing, () =>
    session.commands.detached(connection, changing.at, settled.token, step.run, stdin),
  );
  await conclude(changing, result);
}

/** The command has ended: records a failure, or holds the postcondition to it. */
async function conclude(changing: Changing, result: Result): Promise<void> {
  const { session, id, step, at } = changing;
  if (result.status !== 0) {
    const output = session.log.keep(id, "run", result);
    session.log.append({ type: "failed", step: id, data: { ...output, what: "run", status: result.status } });
    throw stepFailed(step.title, at.host, "command", result.status);
  }
  await verify(changing, result);
  finish(changing, "ran", result);
}

function finish({ session, id, since }: Changing, how: "ran" | "found in effect" | "decided", result?: Result): void {
  const seconds = Math.round(performance.now() - since) / 1000;
  const output = result && session.log.keep(id, "run", result);
  session.log.append({ type: "done", step: id, data: { ...output, how, seconds } });
}

async function confirmDestruction(
  { session, id, step }: Changing,
  destroys: readonly string[],
): Promise<"typed" | "given"> {
  const wants = destroys.join(", ");
  const first = session.destroyed.size === 0;
  const text = [
    ...(first ? ["POINT OF NO RETURN: nothing has been destroyed until now."] : []),
    `"${step.title}" destroys ${wants}. What must hold before it, holds:`,
    ...(step.guards ?? []).map((guard) => `  ${guardTitle(guard)}`),
    `To go on, type: ${wants}`,
  ].join("\n");
  return await decide(
    session,
    step.title,
    { step: id, text, wants: [{ answer: wants, means: `"${step.title}" destroys it` }] },
    [],
  );
}

/** Whatever destroys is held to the machine that it is meant for, also where the runbook does not ask for that. */
function guardsOf({ guards = [], on }: ScriptChange, destroys: boolean): readonly ScriptGuard[] {
  const asked = guards.some((each) => each.guard === "is-host" && hostName(each.host) === hostName(on));
  return destroys && !asked ? [{ guard: "is-host", host: on }, ...guards] : guards;
}

function stdinOf(session: Session, { stdin }: ScriptChange): Uint8Array | undefined {
  if (!stdin) return undefined;
  return "secret" in stdin ? session.secrets.get(stdin.secret) : Buffer.from(held(stdin).text);
}
