import { TransportError, type Connection } from "../transport/transport.ts";
import type { At } from "./host-commands.ts";
import { probe, type Probed } from "./probe.ts";
import { guardRefused } from "./run-errors.ts";
import type { ScriptGuard } from "./script-api.ts";
import type { Session } from "./session.ts";
import { hostName } from "./value.ts";

/**
 * Asks everything that must hold right before a change, on one connection, which is given back. @throws RunError DB3304 at the
 * first that does not
 */
export async function holdGuards(
  session: Session,
  id: string,
  title: string,
  at: At,
  guards: readonly ScriptGuard[],
): Promise<Connection> {
  for (;;) {
    // One that is lost is waited for by what is asked.
    const before = await session.hosts.at(at.host).catch(() => undefined);
    await askGuards(session, id, title, at, guards);
    const connection = await session.hosts.at(at.host);
    // Another connection may lead to another machine: what was asked on the one before says nothing of it.
    if (connection === before || guards.length === 0) return connection;
  }
}

async function askGuards(
  session: Session,
  id: string,
  title: string,
  at: At,
  guards: readonly ScriptGuard[],
): Promise<void> {
  for (const guard of guards) {
    const named = guardTitle(guard);
    const { answer, detail } =
      guard.guard === "holds"
        ? await probe(session.commands, at, guard.run)
        : await isHost(session, hostName(guard.host));
    session.log.append({ type: "guard", step: id, data: { title: named, answer, detail } });
    if (answer !== "yes") throw guardRefused(title, at.host, named, answer, detail);
  }
}

/** What must hold, in words. */
export function guardTitle(guard: ScriptGuard): string {
  return guard.guard === "holds" ? guard.title : `this machine is ${hostName(guard.host)}`;
}

/**
 * The pin was held when the connection was made; what answers now must still be that machine, and the bound one. Where
 * the binding names no machine-id, it must be the machine that the run met first: a copy of it has the same pin.
 */
async function isHost(session: Session, host: string): Promise<Probed> {
  try {
    const connection = await session.hosts.at(host);
    const { machineId, hostname } = await connection.identify();
    const bound = session.binding.hosts[host]?.machineId ?? session.log.state.met.get(host)?.machineId ?? machineId;
    const wants = [...new Set([bound, connection.identity.machineId])];
    if (wants.every((each) => each === machineId)) return { answer: "yes", detail: hostname };
    const detail =
      `the machine-id is ${machineId}, and ${wants.join(", ")} was expected; ` +
      `if it is the right machine, give the binding of ${host} "machineId": "${machineId}"`;
    return { answer: "no", detail };
  } catch (error) {
    if (error instanceof TransportError) return { answer: "unknown", detail: error.message };
    throw error;
  }
}
