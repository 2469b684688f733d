import { commandsOf } from "./commands.ts";
import type { HostRef, Predicate, Step } from "./plan.ts";

/** The refs that a predicate looks at. */
export function refsOf(predicate: Predicate): readonly string[] {
  switch (predicate.is) {
    case "true":
    case "present":
      return [predicate.ref];
    case "eq":
    case "lt":
      return [predicate.left, predicate.right].flatMap((side) => ("ref" in side ? [side.ref] : []));
    case "and":
      return predicate.all.flatMap(refsOf);
    case "not":
      return refsOf(predicate.not);
  }
}

/** The values that a step itself uses, by ref, those of steps nested in it left out. */
export function usedBy(step: Step): readonly string[] {
  switch (step.kind) {
    case "read":
      return [...ofHost(step.on), ...inCommands(step)];
    case "change":
      return [
        ...ofHost(step.on),
        ...inCommands(step),
        ...step.guards.flatMap((guard) => (guard.guard === "is-host" ? ofHost(guard.host) : [])),
        ...step.destroys.flatMap(({ of }) => ofHost(of)),
        ...(step.stdin && "ref" in step.stdin ? [step.stdin.ref] : []),
      ];
    case "confirm":
      return step.evidence;
    case "when":
      return [...refsOf(step.condition), ...(step.gives ? [step.gives.then, step.gives.otherwise] : [])];
    case "for-each":
      return [step.list];
    case "on-each":
      return "param" in step.hosts ? ofHost(step.hosts) : [];
  }
}

function ofHost(host: HostRef): readonly string[] {
  return "param" in host ? [`param:${host.param}`] : "item" in host ? [`item:${host.item}`] : [];
}

function inCommands(step: Step): readonly string[] {
  return commandsOf(step).flatMap(({ command }) => Object.values(command.vars));
}
