import { dedent } from "../dedent.ts";
import { variableOf } from "../shell.ts";
import { commandsOf } from "./commands.ts";
import { cut } from "./pieces.ts";
import { hostsOfNeed, hostsOfStep } from "./hosts.ts";
import type { Command, HostRef, Plan, Step } from "./plan.ts";
import { usedBy } from "./refs.ts";
import { walk } from "./walk.ts";

/** What of a plan does not hold together, beyond what its schema says: one sentence each. */
export function integrityErrors(plan: Plan): readonly string[] {
  const all = [...walk(plan.steps)];
  return [
    ...twice(all.map(({ id }) => id)).map((id) => `Two steps have the id "${id}".`),
    ...unseen(plan.steps, new Set(Object.keys(plan.params).map((name) => `param:${name}`))),
    ...all.flatMap((step) => commandsOf(step).flatMap(({ command }) => ofCommand(step, command))),
    ...hostsOf(plan, all).flatMap((host) => strange(plan, host)),
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
        : step.kind === "for-each"
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

function hostsOf(plan: Plan, steps: readonly Step[]): readonly HostRef[] {
  const assets = [plan.recovers, plan.backsUp].flatMap((asset) => (asset ? [asset.of] : []));
  return [...assets, ...plan.needs.flatMap(hostsOfNeed), ...steps.flatMap(hostsOfStep), ...steps.flatMap(destroyed)];
}

function destroyed(step: Step): readonly HostRef[] {
  return step.kind === "change" ? step.destroys.map(({ of }) => of) : [];
}

function strange(plan: Plan, ref: HostRef): readonly string[] {
  if ("host" in ref)
    return Object.hasOwn(plan.hosts, ref.host) ? [] : [`The host "${ref.host}" is not among its hosts.`];
  const type = Object.hasOwn(plan.params, ref.param) ? plan.params[ref.param]?.type.type : undefined;
  return type === "host" ? [] : [`The parameter "${ref.param}" names no host.`];
}

function twice(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
