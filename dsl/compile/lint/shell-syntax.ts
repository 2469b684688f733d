import { error } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { notBash } from "./shell-problems.ts";

/** Bash understands every command. */
export const shellSyntaxRule: Rule = {
  name: "shell-syntax",
  *check({ texts }) {
    for (const { parsed, at } of texts) {
      if (!parsed.tree) yield error(notBash(parsed.message), at(parsed.offset, parsed.offset + 1));
    }
  },
};
