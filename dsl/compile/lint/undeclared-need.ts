import { hostKey, hostsOfNeed, hostsOfStep } from "../../plan/hosts.ts";
import type { HostRef } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import { error } from "./finding.ts";
import { needUndeclared } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";

/** A recovery declares every host that it works on, the one that it recovers apart. */
export const undeclaredNeedRule: Rule = {
  name: "undeclared-need",
  *check({ plan, stepAt }) {
    if (!plan.recovers) return;
    const declared = new Set([plan.recovers.of, ...plan.needs.flatMap(hostsOfNeed)].map(hostKey));
    for (const step of walk(plan.steps)) {
      for (const host of hostsOfStep(step)) {
        if (declared.has(hostKey(host))) continue;
        declared.add(hostKey(host));
        yield error(needUndeclared(name(host)), stepAt(step));
      }
    }
  },
};

function name(host: HostRef): string {
  return "host" in host ? `"${host.host}"` : `the host given as "${host.param}"`;
}
