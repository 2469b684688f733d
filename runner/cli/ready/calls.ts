import type { Plan, TypeSpec } from "../../../dsl/plan/plan.ts";
import { rolesOf } from "../../../dsl/plan/types.ts";
import type { Binding } from "../../binding.ts";
import { toolsByHost } from "../../runtime/host-tools.ts";
import type { Finding } from "./findings.ts";

/** A call of a runbook that could be made today. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  /** The hosts that it would work on. */
  readonly hosts: ReadonlySet<string>;
  /** What stands against the call itself. */
  readonly findings: readonly Finding[];
}

/** A runbook of a family of hosts is asked of each of them that is bound. */
export function callsOf(plan: Plan, binding: Binding, given: Readonly<Record<string, string>>): readonly Call[] {
  const choices = Object.entries(plan.params).map(([name, { type }]) => {
    const own = given[name];
    return (own === undefined ? valuesOf(type, binding) : [own]).map((value) => [name, value] as const);
  });
  // Every combination: mostly there is one host parameter.
  const combined = choices.reduce<readonly (readonly (readonly [string, string | undefined])[])[]>(
    (calls, values) => calls.flatMap((call) => values.map((value) => [...call, value])),
    [[]],
  );
  return combined.map((values) => callOf(plan, binding, values));
}

function callOf(plan: Plan, binding: Binding, values: readonly (readonly [string, string | undefined])[]): Call {
  const params = Object.fromEntries(values.filter((pair): pair is [string, string] => pair[1] !== undefined));
  const wanted = Object.entries(plan.hosts).map(([host, { role }]) => ({ host, roles: [role] as readonly string[] }));
  const findings: Finding[] = [];
  for (const [name, { type }] of Object.entries(plan.params)) {
    const text = params[name];
    const roles = rolesWanted(type);
    if (text === undefined && !("optional" in type)) {
      findings.push(
        roles === undefined
          ? { kind: "call", state: "unknown", what: `its parameter ${name} was not given: --with ${name}=VALUE` }
          : { kind: "binding", state: "stops", what: `no host of role ${roles.join(" or ")} is bound` },
      );
    }
    if (roles !== undefined && text !== undefined) for (const host of text.split("\n")) wanted.push({ host, roles });
  }
  for (const { host, roles } of wanted) {
    const bound = binding.hosts[host];
    if (bound && roles.includes(bound.role)) continue;
    const what = bound ? `it is bound as ${bound.role}, and ${roles.join(" or ")} is wanted` : "it is not bound";
    findings.push({ kind: "binding", state: "stops", host, what });
  }
  return { params, hosts: new Set(wanted.map(({ host }) => host)), findings };
}

/** What a parameter that was not given may be; nothing is left out, and what cannot be told is undefined. */
function valuesOf(type: TypeSpec, binding: Binding): readonly (string | undefined)[] {
  const roles = rolesWanted(type);
  if (roles === undefined) return [undefined];
  const bound = Object.entries(binding.hosts).flatMap(([host, each]) => (roles.includes(each.role) ? [host] : []));
  if (bound.length === 0) return [undefined];
  return type.type === "list" ? [bound.join("\n")] : bound;
}

/** The roles of which a host is wanted, or none where a value is no host. */
function rolesWanted(type: TypeSpec): readonly string[] | undefined {
  const each = type.type === "list" ? type.of : type;
  return each.type === "host" ? rolesOf(each) : undefined;
}

/** The programs that a call needs, by host; every host of it is named. */
export function toolsOf(plan: Plan, { params, hosts }: Call): ReadonlyMap<string, ReadonlySet<string>> {
  const none = new Set<string>();
  return new Map([...[...hosts.keys()].map((host) => [host, none] as const), ...toolsByHost(plan.needs, params)]);
}
