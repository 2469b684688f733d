import type { ShellNode } from "../shell/node.ts";
import type { ShellText } from "../shell/text.ts";
import type { Finding } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** One thing that a runbook is held to, and what has to be read to see it. */
export interface Rule<S = Subject> {
  readonly name: string;
  check(subject: S): Iterable<Finding>;
}

/** The authors' files that a runbook is made of. */
export type SourceFiles = Pick<Subject, "imports" | "reader">;

/** A command that bash understands. */
export interface ReadableText extends ShellText {
  readonly tree: ShellNode;
}

/** A rule that reads commands one by one. */
export function shellRule(name: string, check: (text: ReadableText, subject: Subject) => Iterable<Finding>): Rule {
  return {
    name,
    *check(subject) {
      for (const text of subject.texts)
        if (text.parsed.tree) yield* check({ ...text, tree: text.parsed.tree }, subject);
    },
  };
}
