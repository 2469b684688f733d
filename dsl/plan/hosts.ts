import type { HostRef, Need, Step } from "./plan.ts";

/** A host or a host parameter as one text, to compare by. */
export function hostKey(host: HostRef): string {
  return "host" in host ? `host ${host.host}` : `param ${host.param}`;
}

/** The host that a need is about. */
export function hostsOfNeed(need: Need): readonly HostRef[] {
  if (need.need === "item") return [];
  return [need.need === "asset" ? need.asset.of : need.need === "host" ? need.host : need.on];
}

/** The hosts that a step works on: its own, and those that it makes sure of. */
export function hostsOfStep(step: Step): readonly HostRef[] {
  if (step.kind === "read") return [step.on];
  if (step.kind !== "change") return [];
  return [step.on, ...step.guards.flatMap((guard) => (guard.guard === "is-host" ? [guard.host] : []))];
}
