import { hostKey, hostsOfStep, hostWords } from "../../plan/hosts.ts";
import { walk } from "../../plan/walk.ts";
import { error } from "./finding.ts";
import { destroysElsewhere } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";

/** A change destroys assets of its own host, or of one that it makes sure of. */
export const destroysElsewhereRule: Rule = {
  name: "destroys-elsewhere",
  *check({ plan, stepAt }) {
    for (const step of walk(plan.steps)) {
      if (step.kind !== "change") continue;
      const known = new Set(hostsOfStep(step).map(hostKey));
      for (const { of, asset } of step.destroys) {
        if (known.has(hostKey(of))) continue;
        yield error(destroysElsewhere(`"${asset}" of ${hostWords(of)}`, step.title), stepAt(step));
      }
    }
  },
};
