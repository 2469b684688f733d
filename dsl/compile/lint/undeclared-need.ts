import { hostKey, hostsOfNeed, hostsOfStep, hostWords } from "../../plan/hosts.ts";
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
        // The hosts of an onEach are declared as a group.
        if ("item" in host || declared.has(hostKey(host))) continue;
        declared.add(hostKey(host));
        yield error(needUndeclared(hostWords(host)), stepAt(step));
      }
    }
  },
};
