import type { Transport } from "../transport/transport.ts";
import type { Decisions } from "./decisions.ts";
import { HostCommands } from "./host-commands.ts";
import { Hosts } from "./hosts.ts";
import type { Interrupt } from "./interrupt.ts";
import { Locks } from "./locks.ts";
import { Mirror } from "./mirror.ts";
import type { OpenRecord } from "./open-record.ts";
import { Pace } from "./pace.ts";
import { Position } from "./position.ts";
import type { Prepared } from "./prepare.ts";
import type { Prompt } from "./prompt.ts";
import type { Secrets } from "./secrets.ts";
import { operatorName, type Session } from "./session.ts";

interface With {
  readonly transport: Transport;
  readonly interrupt: Interrupt;
  readonly decisions: Decisions;
  /** Where to pause between changes. */
  readonly pauses: Prompt;
  readonly secrets: Secrets;
}

/** Puts together what the steps of a run work with. Disposing it ends the connections. */
export function openSession(prepared: Prepared, record: OpenRecord, given: With): Session & AsyncDisposable {
  const { head, call, begin, binding } = prepared;
  const { log, folder, earlier } = record;
  const { operator } = begin;
  const who = operatorName(operator);
  const hosts = new Hosts(given.transport, async (connection) => {
    log.append({ type: "host", data: { host: connection.host, hello: connection.identity } });
    connection.onDegraded((why) =>
      log.sink.notice(
        `${connection.host} keeps claims and outcomes in memory only: ${why}\n` +
          "  If it boots again, it forgets who holds it and how this run's commands ended: they are then probed, or asked of you.",
      ),
    );
    await locks.renew(connection);
  });
  const claim = { run: folder.run, who, since: log.state.beganAt, runbook: head.id };
  const locks = new Locks(hosts, prepared.hosts, claim, call.breakLock, (host, holder) => {
    const what = `the claim of ${holder.run} on ${host} is set aside`;
    log.append({ type: "resolved", data: { what, by: who, why: `--break-lock ${holder.run}` } });
  });
  const mirror = prepared.mirror === undefined ? undefined : openMirror(prepared.mirror, record, hosts);
  const show = call.verbose ? (bytes: Uint8Array): void => log.sink.output(bytes) : undefined;
  return {
    run: folder.run,
    operator,
    binding: binding.binding,
    hosts,
    commands: new HostCommands(hosts, given.interrupt, given.secrets.mask, show),
    locks,
    log,
    earlier,
    decisions: given.decisions,
    secrets: given.secrets,
    interrupt: given.interrupt,
    mirror,
    position: new Position(head.steps),
    pace: new Pace(call.step ? given.pauses : undefined, call.until),
    destroyed: new Set(),
    [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
  };
}

function openMirror(host: string, { folder, log }: OpenRecord, hosts: Hosts): Mirror {
  const lost = (why: string): void => log.append({ type: "mirror", data: { host, state: "lost", why } });
  const mirror = new Mirror(folder, (work) => hosts.using(host, 0, work), lost);
  log.followed(() => mirror.push());
  log.append({ type: "mirror", data: { host, state: "kept" } });
  return mirror;
}
