import { basename } from "node:path";
import { error } from "./finding.ts";
import { misnamedFile } from "./plan-problems.ts";
import type { Rule } from "./rule.ts";

/** A runbook's file is named after it. */
export const fileNameRule: Rule = {
  name: "file-name",
  *check({ plan, file, head }) {
    const name = basename(file);
    if (name.replace(/\.[jt]s$/u, "") !== plan.id) yield error(misnamedFile(plan.id, name), head);
  },
};
