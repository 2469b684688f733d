import { body, type RuleCases } from "../rule-cases.ts";

const look = 'read("Look", { on: db1, run: sh`ls`, gives: text() });';

export const cases: RuleCases = {
  rule: "file-name",
  refused: [
    {
      title: "another name than the runbook's",
      code: "DB2206",
      source: body(look).replace('runbook("CASE"', '«runbook("another"»'),
    },
  ],
  accepted: [{ title: "the runbook's name", source: body(look) }],
};
