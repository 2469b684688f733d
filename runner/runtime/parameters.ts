import type { TypeSpec } from "../../dsl/plan/plan.ts";
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
    const wrong = listsHosts(type) ? wrongGroup(text) : undefined;
    if (wrong !== undefined) throw badValue(`--${name}`, text, wrong);
    return [name, Held.known(name, read.value)] as const;
  });
  return Object.fromEntries(entries);
}

/** A host of a call, and the roles of which it must have one. */
export interface WantedHost {
  readonly host: string;
  readonly roles: readonly string[];
}

/** The hosts of a call, by name in order: those the runbook names, and those its parameters do. A host may be both. */
export function hostsOf(head: ScriptHead, params: Readonly<Record<string, Held>>): readonly WantedHost[] {
  const named = Object.entries(head.hosts).map(([host, { role }]) => ({ host, roles: [role] }));
  const given = Object.entries(head.params).flatMap(([name, { type }]) => {
    const text = params[name]?.text ?? "";
    if (listsHosts(type)) return text.split("\n").map((host) => ({ host, roles: rolesOf(type.of) }));
    return type.type === "host" ? [{ host: text, roles: rolesOf(type) }] : [];
  });
  return [...named, ...given].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Holds hosts and their roles to the binding. @throws RunError DB3011, DB3012 */
export function checkHosts(hosts: readonly WantedHost[], binding: Binding): void {
  for (const { host, roles } of hosts) {
    const bound = binding.hosts[host];
    if (bound && roles.includes(bound.role)) continue;
    const wanted = roles.join(" or ");
    const candidates = Object.entries(binding.hosts).flatMap(([name, { role }]) =>
      roles.includes(role) ? [name] : [],
    );
    if (!bound) throw hostNotBound(host, wanted, candidates, nearest(host, Object.keys(binding.hosts)));
    throw wrongRole(host, bound.role, wanted, candidates);
  }
}

/** Whether a parameter lists hosts. */
function listsHosts(type: TypeSpec): type is ListOfHosts {
  return type.type === "list" && type.of.type === "host";
}

type ListOfHosts = { readonly type: "list"; readonly of: Extract<TypeSpec, { type: "host" }> };

function wrongGroup(text: string): string | undefined {
  const names = text.split("\n");
  if (text === "") return "it names no host";
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined ? undefined : `it names ${twice} twice`;
}
