import { rolesOf } from "../../dsl/plan/types.ts";
import type { Binding } from "../binding.ts";
import { nearest } from "../nearest.ts";
import { badValue, hostNotBound, missingOption, wrongRole } from "./call-errors.ts";
import { required } from "./help.ts";
import type { ScriptHead } from "./script-api.ts";
import { allowed, typed } from "./typed.ts";
import { Held } from "./value.ts";

/** The parameters of a call as values, checked by their types. @throws RunError DB3005, DB3006 */
export function parameters(head: ScriptHead, given: ReadonlyMap<string, string>): Readonly<Record<string, Held>> {
  const entries = Object.entries(head.params).map(([name, { type, doc }]) => {
    const text = given.get(name);
    if (text === undefined) {
      if (required(type)) throw missingOption(`--${name}`, type.type.toUpperCase(), doc || allowed(type));
      return [name, Held.known(name, null)] as const;
    }
    const read = typed(type, text);
    if ("wrong" in read) throw badValue(`--${name}`, text, read.wrong);
    return [name, Held.known(name, read.value)] as const;
  });
  return Object.fromEntries(entries);
}

/** The hosts of a call, by name in order, with the roles that will do: those the runbook names, and those its parameters do. */
export function hostsOf(
  head: ScriptHead,
  params: Readonly<Record<string, Held>>,
): ReadonlyMap<string, readonly string[]> {
  const named = Object.entries(head.hosts).map(([host, { role }]) => [host, [role]] as const);
  const given = Object.entries(head.params).flatMap(([name, { type }]) =>
    type.type === "host" ? [[params[name]?.text ?? "", rolesOf(type)] as const] : [],
  );
  return new Map([...named, ...given].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Holds hosts and their roles to the binding. @throws RunError DB3011, DB3012 */
export function checkHosts(hosts: ReadonlyMap<string, readonly string[]>, binding: Binding): void {
  for (const [host, roles] of hosts) {
    const wanted = roles.join(" or ");
    const candidates = Object.entries(binding.hosts).flatMap(([name, { role }]) =>
      roles.includes(role) ? [name] : [],
    );
    const bound = binding.hosts[host];
    if (!bound) throw hostNotBound(host, wanted, candidates, nearest(host, Object.keys(binding.hosts)));
    if (!roles.includes(bound.role)) throw wrongRole(host, bound.role, wanted, candidates);
  }
}
