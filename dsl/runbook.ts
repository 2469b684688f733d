import type { Duration } from "./duration.ts";
import { toSeconds } from "./duration.ts";
import { bodyIsAsync, emptyRunbook, keepsNothing, paramReserved } from "./errors.ts";
import { checkIdentifier } from "./identifier.ts";
import { hostParam, hostsParam, type AnyHost, type AnyHosts, type Asset, type Requirement } from "./inventory.ts";
import type { Medium } from "./medium.ts";
import { noteOrigin } from "./origin.ts";
import { planVersion, type Need, type Param, type Place, type Plan } from "./plan/plan.ts";
import { isReservedParam } from "./plan/reserved-params.ts";
import { walk } from "./plan/walk.ts";
import { Recorder, recorder, recording } from "./recorder.ts";
import { makeRef } from "./ref.ts";
import type { Tools } from "./step.ts";
import type { HostsType, HostType, ParamOf, Type } from "./type.ts";

/** The declared parameters of a runbook, by name. */
// oxlint-disable-next-line typescript/no-explicit-any -- a type of anything: unknown would refuse each of them
export type ParamTypes = Readonly<Record<string, Type<any> | HostType<any> | HostsType<any>>>;

/** References and hosts for the declared parameters. */
export type Params<P extends ParamTypes> = { readonly [K in keyof P]: ParamOf<P[K]> };

export interface Head<P extends ParamTypes> {
  /** What is back when this runbook has run. A function where the asset is that of a host parameter. */
  readonly recovers?: Asset | ((params: Params<P>) => Asset);
  /** What this runbook makes a backup of. */
  readonly backsUp?: Asset | ((params: Params<P>) => Asset);
  /** Where the copy lies that a backup makes: a host's own disk, or a medium. `audit` reads it. */
  readonly keeps?: Places | ((params: Params<P>) => Places);
  /** Where the keys lie that open the copy, if it is sealed. `audit` holds it apart from the copies. */
  readonly opens?: Medium;
  /** What it sets up goes on copying by itself: its objective is no matter of how often it is run. */
  readonly continuous?: true;
  /** The targets: recovery time, and how much time's worth of data may be lost. */
  readonly objective: { readonly rto: Duration; readonly rpo: Duration };
  /** Assets, hosts, programs and items without which this runbook cannot work. */
  readonly needs?: readonly Needed[] | ((params: Params<P>) => readonly Needed[]);
  readonly params?: P;
}

type Places = readonly [AnyHost | Medium, ...(AnyHost | Medium)[]];

type Needed = Asset | AnyHost | AnyHosts | Requirement;

/** A procedure, compiled: its body has run and its plan is complete. */
export interface Runbook {
  readonly kind: "runbook";
  readonly plan: Plan;
}

/**
 * Declares a runbook. The body runs once, now, and records steps; nothing is executed. A file exports one runbook, as
 * its default.
 * @throws AuthoringError for everything an author can get wrong that shows while the body runs
 */
export function runbook<const P extends ParamTypes = Record<never, never>>(
  id: string,
  head: Head<P>,
  body: (tools: Tools & { readonly params: Params<P> }) => undefined | void,
): Runbook {
  checkIdentifier("The runbook", id);
  const types: ParamTypes = head.params ?? {};
  const params = paramsOf(types) as Params<P>;
  const record = new Recorder(Object.keys(types));
  const result: unknown = recording(record, () => body({ ...record.tools, params }));
  if (result instanceof Promise) throw bodyIsAsync(id);
  if (record.steps.length === 0) throw emptyRunbook(id);

  const of = <V>(given: V | ((params: Params<P>) => V)): V =>
    typeof given === "function" ? (given as (params: Params<P>) => V)(params) : given;
  const recovers = head.recovers && of(head.recovers);
  const backsUp = head.backsUp && of(head.backsUp);
  for (const asset of [recovers, backsUp]) if (asset) record.names(asset.ref.of, asset.role);
  if (!backsUp && (head.keeps || head.opens || head.continuous)) throw keepsNothing(id);
  const keeps = head.keeps && of(head.keeps).map((place) => placeOf(place, record));
  const needs = of(head.needs ?? []).map((needed) => need(needed, record));
  const plan: Plan = {
    v: planVersion,
    id,
    kind: recovers ? "recovery" : backsUp ? "backup" : "check",
    ...(recovers && { recovers: recovers.ref }),
    ...(backsUp && { backsUp: backsUp.ref }),
    ...(keeps && { keeps }),
    ...(head.opens && { opens: head.opens.ref }),
    ...(head.continuous && { continuous: true }),
    objective: { rtoSeconds: toSeconds(head.objective.rto), rpoSeconds: toSeconds(head.objective.rpo) },
    needs,
    params: Object.fromEntries(
      Object.entries(types).map(([name, { spec, doc }]): [string, Param] => [name, { type: spec, doc }]),
    ),
    hosts: record.hosts,
    secrets: secretsOf(record),
    steps: record.steps,
  };
  return { kind: "runbook", plan: noteOrigin(plan) };
}

/**
 * Declares steps that runbooks share. The procedure is called in a runbook's body and records its steps there, each id
 * prefixed by the procedure's, or by `as` when one runbook calls it more than once.
 */
export function procedure<I, R>(id: string, body: (tools: Tools, input: I) => R): (...given: Given<I>) => R {
  checkIdentifier("The procedure", id);
  return (...[input, options = {}]) => {
    const record = recorder(`The procedure "${id}"`);
    const prefix = checkIdentifier("The prefix", options.as ?? id);
    return record.prefixed(prefix, () => body(record.tools, input as I));
  };
}

/** What a procedure is called with: its input, which one that needs none goes without, and its prefix. */
type Given<I> = undefined extends I ? [input?: I, options?: Prefix] : [input: I, options?: Prefix];
type Prefix = { readonly as?: string };

function paramsOf(types: ParamTypes): Record<string, unknown> {
  const made = Object.entries(types).map(([name, type]) => {
    checkIdentifier("The parameter", name);
    if (isReservedParam(name)) throw paramReserved(name);
    return [name, paramOf(name, type)] as const;
  });
  return Object.fromEntries(made);
}

function paramOf(name: string, type: ParamTypes[string]): unknown {
  if (!("role" in type)) return makeRef(`param:${name}`, type.spec);
  return type.spec.type === "list" ? hostsParam(name, type.role) : hostParam(name, type.role);
}

function placeOf(place: AnyHost | Medium, record: Recorder): Place {
  return place.kind === "host" ? record.names(place.ref, place.role) : place.ref;
}

function need(needed: Needed, record: Recorder): Need {
  switch (needed.kind) {
    case "asset":
      record.names(needed.ref.of, needed.role);
      return { need: "asset", asset: needed.ref };
    case "host":
    case "hosts":
      return { need: "host", host: record.names(needed.ref, needed.role) };
    case "requirement":
      if (needed.on) record.names(needed.on.ref, needed.on.role);
      return needed.need;
  }
}

function secretsOf(record: Recorder): readonly string[] {
  const names = [...walk(record.steps)].flatMap((step) =>
    step.kind === "change" && step.stdin && "secret" in step.stdin ? [step.stdin.secret] : [],
  );
  return [...new Set(names)].sort();
}
