import { dedent } from "../dedent.ts";
import { variableOf } from "../shell.ts";
import { commandsOf } from "./commands.ts";
import { cut } from "./pieces.ts";
import { hostsOfNeed, hostsOfStep, hostWords } from "./hosts.ts";
import type { Command, HostRef, OnEachStep, Plan, Step, TypeSpec } from "./plan.ts";
import { usedBy } from "./refs.ts";
import { typeOfRef } from "./types.ts";
import { walk } from "./walk.ts";

/** What of a plan does not hold together, beyond what its schema says: one sentence each. */
export function integrityErrors(plan: Plan): readonly string[] {
  const all = [...walk(plan.steps)];
  return [
    ...twice(all.map(({ id }) => id)).map((id) => `Two steps have the id "${id}".`),
    ...unseen(plan.steps, new Set(Object.keys(plan.params).map((name) => `param:${name}`))),
    ...all.flatMap((step) => commandsOf(step).flatMap(({ command }) => ofCommand(step, command))),
    ...strangers(plan, all),
  ];
}

/** Refs that are used where nothing gives them. */
function unseen(steps: readonly Step[], outer: ReadonlySet<string>): readonly string[] {
  const visible = new Set(outer);
  return steps.flatMap((step) => {
    const given = step.kind === "when" && step.gives ? [step.gives.then, step.gives.otherwise] : [];
    const errors = usedBy(step)
      .filter((ref) => !given.includes(ref) && !visible.has(ref))
      .map((ref) => `"${step.id}" uses "${ref}", which is not there.`);
    const inner =
      step.kind === "when"
        ? [...unseen(step.then, visible), ...unseen(step.otherwise, visible)]
        : step.kind === "for-each" || step.kind === "on-each"
          ? unseen(step.steps, new Set([...visible, `item:${step.id}`]))
          : [];
    if (step.kind === "read" || (step.kind === "when" && step.gives)) visible.add(`step:${step.id}`);
    return [...errors, ...inner];
  });
}

function ofCommand(step: Step, command: Command): readonly string[] {
  const { text, vars } = command;
  const { variables } = cut(command);
  return [
    ...(dedent(text) === text ? [] : [`A command of "${step.id}" begins or ends with white space.`]),
    ...Object.entries(vars).flatMap(([name, ref]) => [
      ...(variableOf(ref) === name ? [] : [`A command of "${step.id}" calls "${ref}" $${name}.`]),
      ...(variables.includes(name) ? [] : [`A command of "${step.id}" has no word for "${ref}".`]),
    ]),
  ];
}

/** Hosts that are named and not known, and groups that are none. */
function strangers(plan: Plan, steps: readonly Step[]): readonly string[] {
  const assets = [plan.recovers, plan.backsUp].flatMap((asset) => (asset ? [asset.of] : []));
  const [groups, others] = [steps.filter(isGroup), steps.filter((step) => !isGroup(step))];
  const single = [...assets, ...others.flatMap(hostsOfStep), ...others.flatMap(destroyed)];
  return [
    ...single.filter((host) => typeOfHost(plan, host)?.type !== "host").map(unknown),
    ...plan.needs
      .flatMap(hostsOfNeed)
      .filter((host) => !typeOfHosts(plan, host))
      .map(unknown),
    ...groups.flatMap((group) =>
      hostsOfStep(group)
        .filter((host) => typeOfHosts(plan, host)?.role !== group.role)
        .map((host) => `"${group.id}" works on ${hostWords(host)}, which is not known to be of role ${group.role}.`),
    ),
  ];
}

function isGroup(step: Step): step is OnEachStep {
  return step.kind === "on-each";
}

function unknown(host: HostRef): string {
  if ("host" in host) return `The host "${host.host}" is not among its hosts.`;
  return "param" in host ? `The parameter "${host.param}" names no host.` : `"${host.item}" is no group of hosts.`;
}

/** The type of a host, or of each that a parameter lists. */
function typeOfHosts(plan: Plan, host: HostRef): HostType | undefined {
  const type = typeOfHost(plan, host);
  const each = type?.type === "list" ? type.of : type;
  return each?.type === "host" ? each : undefined;
}

type HostType = Extract<TypeSpec, { type: "host" }>;

function typeOfHost(plan: Plan, host: HostRef): TypeSpec | undefined {
  if (!("host" in host)) return typeOfRef(plan, "param" in host ? `param:${host.param}` : `item:${host.item}`);
  const spec = Object.hasOwn(plan.hosts, host.host) ? plan.hosts[host.host] : undefined;
  return spec && { type: "host", role: spec.role };
}

function destroyed(step: Step): readonly HostRef[] {
  return step.kind === "change" ? step.destroys.map(({ of }) => of) : [];
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
