import { hostname, userInfo } from "node:os";
import type { Begin, Operator } from "../journal/record.ts";
import { stateRoot } from "../journal/state.ts";
import type { Call } from "./arguments.ts";
import { readBinding, type BindingFile } from "./binding-file.ts";
import { missingOption } from "./call-errors.ts";
import type { KitIdentity } from "./kit-identity.ts";
import { checkHosts, hostsOf, parameters } from "./parameters.ts";
import { findStopped, type StoppedRun } from "./run-record.ts";
import { checkSame, checkStopped } from "./same-run.ts";
import type { ScriptHead } from "./script-api.ts";
import type { Held } from "./value.ts";

/** A call whose every part was checked, and nothing contacted yet. */
export interface Prepared {
  readonly head: ScriptHead;
  readonly call: Call;
  readonly kit: KitIdentity;
  readonly root: string;
  readonly binding: BindingFile;
  readonly params: Readonly<Record<string, Held>>;
  /** By name in order. */
  readonly hosts: readonly string[];
  readonly begin: Begin;
  /** The run that is resumed. */
  readonly stopped?: StoppedRun;
}

/** Checks a call against types, binding and, on resume, what is on record. @throws RunError */
export function prepare(head: ScriptHead, call: Call, kit: KitIdentity): Prepared {
  const root = stateRoot(call.state);
  const stopped = call.mode === "resume" ? findStopped(root, head.id, call.resume) : undefined;
  const file = call.binding ?? stopped?.binding;
  if (file === undefined) throw missingOption("--binding", "FILE", "it says where the hosts are");
  const binding = readBinding(file);
  const params = parameters(head, new Map([...Object.entries(stopped?.state.begin.params ?? {}), ...call.params]));
  const hosts = hostsOf(head, params);
  checkHosts(hosts, binding.binding);
  const begin: Begin = {
    runbook: head.id,
    script: kit.script.sha256,
    runtime: kit.runtime.sha256,
    plan: head.plan,
    params: texts(params),
    pins: Object.fromEntries(
      [...hosts.keys()].flatMap((host) => {
        const bound = binding.binding.hosts[host];
        return bound ? [[host, { role: bound.role, hostKeys: bound.hostKeys }]] : [];
      }),
    ),
    operator: operator(),
  };
  if (stopped) {
    checkSame(stopped.folder.run, stopped.state.begin, begin);
    checkStopped(stopped.folder.run, stopped.state, begin.operator);
  }
  return { head, call, kit, root, binding, params, hosts: [...hosts.keys()], begin, ...(stopped && { stopped }) };
}

function operator(): Operator {
  return { user: userInfo().username, host: hostname(), pid: process.pid };
}

/** The parameters that were given. */
function texts(params: Readonly<Record<string, Held>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, { value, text }]) => (value === null ? [] : [[name, text]])),
  );
}
