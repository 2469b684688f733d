import { within } from "../shell/node.ts";
import { error } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { inBackground } from "./shell-problems.ts";

/** A step has ended when its command has. */
export const backgroundRule = shellRule("background", function* (text) {
  for (const node of within(text.tree)) {
    const left = node.type === "CoprocClause" || (node.type === "Stmt" && node.background);
    if (left) yield error(inBackground(), text.at(node.start, node.end));
  }
});
