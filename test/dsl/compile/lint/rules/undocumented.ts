import { body, type RuleCases } from "../rule-cases.ts";

const bare = (comment: string): string =>
  body('read("Look", { on: db1, run: sh`ls`, gives: text() });').replace("/** Brings it back. */", comment);

export const cases: RuleCases = {
  rule: "undocumented",
  refused: ["", "// Not a doc comment.", "/** @module */"].map((comment) => ({
    title: comment === "" ? "nothing above the runbook" : comment,
    code: "DB2207",
    source: bare(comment).replace('runbook("CASE"', '«runbook("CASE"»'),
  })),
  accepted: [
    { title: "a doc comment of several lines", source: bare("/**\n * Brings it back.\n *\n * When it is gone.\n */") },
  ],
};
