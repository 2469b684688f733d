import { hostname, userInfo } from "node:os";
import type { Begin, Operator, Rebound } from "../journal/record.ts";
import { stateRoot } from "../journal/state.ts";
import { adoptionOf, type Adoption } from "./adopt.ts";
import { backOf, type Call } from "./arguments.ts";
import { readBinding, type BindingFile } from "./binding-file.ts";
import { missingOption } from "./call-errors.ts";
import { calledFile } from "./called.ts";
import { checkNames } from "./check-names.ts";
import type { KitIdentity } from "./kit-identity.ts";
import { mirrorNotBound } from "./mirror-errors.ts";
import { checkHosts, hostsOf, parameters } from "./parameters.ts";
import { findStopped, type StoppedRun } from "./run-record.ts";
import { checkSame, checkStopped } from "./same-run.ts";
import { Outline } from "./outline.ts";
import { reboundOf } from "./rebound.ts";
import { rehearsed, type Rehearsed } from "./rehearsed.ts";
import { calledMissing } from "./missing-errors.ts";
import { scriptBroken } from "./run-errors.ts";
import type { ScriptHead, ScriptTools } from "./script-api.ts";
import { beingUndone } from "./undo-errors.ts";
import type { Held } from "./value.ts";

/** A call whose every part was checked, and nothing contacted yet. */
export interface Prepared {
  readonly head: ScriptHead;
  readonly call: Call;
  readonly kit: KitIdentity;
  readonly root: string;
  readonly binding: BindingFile;
  readonly params: Readonly<Record<string, Held>>;
  /** What the script consists of. */
  readonly outline: Outline;
  /** What is known of it from drills. */
  readonly rehearsed: Rehearsed;
  /** By name in order. */
  readonly hosts: readonly string[];
  readonly begin: Begin;
  /** The host that the record is copied to. */
  readonly mirror?: string;
  /** The run that is resumed. */
  readonly stopped?: StoppedRun;
  /** Its hosts that were replaced since. */
  readonly rebound: readonly Rebound[];
  /** The mended script that it would go on with from here. */
  readonly adoption?: Adoption;
}

/** Checks a call against types, binding, the script's steps and, on resume, what is on record. @throws RunError */
export async function prepare(head: ScriptHead, call: Call, kit: KitIdentity, body: Body): Promise<Prepared> {
  const root = stateRoot(call.state);
  const found = ofStopped.includes(call.mode) ? findStopped(root, head.id, call.run, backOf(call), tell) : undefined;
  const file = call.binding ?? found?.binding;
  if (file === undefined && found) throw calledMissing(found.folder.run, calledFile(found.folder));
  if (file === undefined) throw missingOption("--binding", "FILE", "it says where the hosts are");
  const binding = readBinding(file);
  const params = parameters(head, new Map([...Object.entries(found?.state.begin.params ?? {}), ...call.params]));
  const wanted = hostsOf(head, params);
  checkHosts(wanted, binding.binding);
  const hosts = [...new Set(wanted.map(({ host }) => host))];
  const mirror = call.mirror ?? found?.mirror;
  if (mirror !== undefined && !binding.binding.hosts[mirror])
    throw mirrorNotBound(mirror, Object.keys(binding.binding.hosts));
  const outline = await Outline.of(body, params).catch((error: unknown) => {
    throw scriptBroken(error);
  });
  checkNames(call, outline, process.stdin.isTTY);
  const begin: Begin = {
    runbook: head.id,
    script: kit.script.sha256,
    runtime: kit.runtime.sha256,
    plan: head.plan,
    params: texts(params),
    pins: Object.fromEntries(
      hosts.flatMap((host) => {
        const bound = binding.binding.hosts[host];
        return bound ? [[host, { role: bound.role, hostKeys: bound.hostKeys }]] : [];
      }),
    ),
    operator: operator(),
  };
  const known = rehearsed(kit, head.id);
  let adoption: Adoption | undefined;
  const rebound = found ? reboundOf(found, begin, binding.path, outline) : [];
  const stopped = found && withPins(found, rebound);
  if (stopped) {
    if (call.mode === "resume" && stopped.state.undoing) throw beingUndone(stopped.folder.run);
    if (call.adopt) adoption = await adoptionOf(stopped, { head, body, params, begin, rehearsed: known });
    if (!adoption) checkSame(stopped.folder.run, stopped.state.begin, begin);
    checkStopped(stopped.folder.run, stopped.state, begin.operator);
  }
  return {
    head,
    call,
    kit,
    root,
    binding,
    params,
    outline,
    rehearsed: known,
    hosts,
    begin,
    ...(mirror !== undefined && { mirror }),
    ...(stopped && { stopped }),
    ...(adoption && { adoption }),
    rebound,
  };
}

/** The modes that are about a run that has stopped. */
const ofStopped: readonly Call["mode"][] = ["resume", "undo", "mark"];

/** The run as it is with those hosts bound anew. */
function withPins(stopped: StoppedRun, rebound: readonly Rebound[]): StoppedRun {
  const { begin } = stopped.state;
  const pins = { ...begin.pins, ...Object.fromEntries(rebound.map(({ host, pin }) => [host, pin])) };
  return { ...stopped, state: { ...stopped.state, begin: { ...begin, pins } } };
}

const tell = (message: string): void => void process.stderr.write(`${message}\n`);

type Body = (tools: ScriptTools) => Promise<void>;

function operator(): Operator {
  return { user: userInfo().username, host: hostname(), pid: process.pid };
}

/** The parameters that were given. */
function texts(params: Readonly<Record<string, Held>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, { value, text }]) => (value === null ? [] : [[name, text]])),
  );
}
