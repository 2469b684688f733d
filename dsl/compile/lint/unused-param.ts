import type { HostRef, Plan } from "../../plan/plan.ts";
import { usedBy } from "../../plan/refs.ts";
import { walk } from "../../plan/walk.ts";
import { warning } from "./finding.ts";
import { paramUnused } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";

/** An operator is asked for nothing that is not used. */
export const unusedParamRule: Rule = {
  name: "unused-param",
  *check({ plan, head }) {
    const used = new Set([...[...walk(plan.steps)].flatMap(usedBy), ...inHead(plan)]);
    for (const param of Object.keys(plan.params)) {
      if (!used.has(`param:${param}`)) yield warning(paramUnused(param), head);
    }
  },
};

function inHead({ recovers, backsUp }: Plan): readonly string[] {
  const hosts: readonly (HostRef | undefined)[] = [recovers?.of, backsUp?.of];
  return hosts.flatMap((host) => (host && "param" in host ? [`param:${host.param}`] : []));
}
