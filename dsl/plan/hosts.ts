import type { HostRef, Need, Step } from "./plan.ts";

/** A host or a host parameter as one text, to compare by. */
export function hostKey(host: HostRef): string {
  return "host" in host ? `host ${host.host}` : "param" in host ? `param ${host.param}` : `item ${host.item}`;
}

/** A host in a few words, for who reads of it: its name, or what names it. */
export function hostWords(host: HostRef): string {
  if ("host" in host) return `"${host.host}"`;
  return "param" in host ? `the host given as "${host.param}"` : `the host at hand of "${host.item}"`;
}

/** A host as one word: its name, or what names it between angle brackets. */
export function hostWord(host: HostRef): string {
  return "host" in host ? host.host : `<${"param" in host ? host.param : host.item}>`;
}

/** The host that a need is about. */
export function hostsOfNeed(need: Need): readonly HostRef[] {
  if (need.need === "item") return [];
  return [need.need === "asset" ? need.asset.of : need.need === "host" ? need.host : need.on];
}

/** The hosts that a step works on: its own, and those that it makes sure of. */
export function hostsOfStep(step: Step): readonly HostRef[] {
  if (step.kind === "read") return [step.on];
  if (step.kind === "on-each") return "param" in step.hosts ? [step.hosts] : step.hosts.hosts.map((host) => ({ host }));
  if (step.kind !== "change") return [];
  return [step.on, ...step.guards.flatMap((guard) => (guard.guard === "is-host" ? [guard.host] : []))];
}
