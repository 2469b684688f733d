import { within, type ShellNode } from "../shell/node.ts";
import { error } from "./finding.ts";
import { shellRule } from "./rule.ts";
import { probeNegated } from "./shell-problems.ts";

// What a statement may stand in and still decide the probe's answer.
const transparent = new Set(["File", "BinaryCmd", "Block", "Subshell", "Stmt"]);

/** A probe's answer is never the opposite of a program's. */
export const negatedProbeRule = shellRule("negated-probe", function* (text) {
  if (text.role === "run" || text.role === "undo") return;
  for (const node of within(text.tree)) {
    if (node.type === "Stmt" && node.negated && decides(node))
      yield error(probeNegated(), text.at(node.start, node.end));
  }
});

function decides(node: ShellNode): boolean {
  return node.parent === undefined || (transparent.has(node.parent.type) && decides(node.parent));
}
