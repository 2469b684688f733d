import { docOfDefaultExport } from "../read/comments.ts";
import { warning } from "./finding.ts";
import { undocumented } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";

/** A runbook says when to use it. */
export const undocumentedRule: Rule = {
  name: "undocumented",
  *check({ plan, places, reader, head }) {
    const [place] = places.runbook;
    const node = place && reader.nodeAt(place);
    if (node && docOfDefaultExport(node) === "") yield warning(undocumented(plan.id), head);
  },
};
