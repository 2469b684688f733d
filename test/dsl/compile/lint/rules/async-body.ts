import { body, type RuleCases } from "../rule-cases.ts";

const look = 'read("Look", { on: db1, run: sh`ls`, gives: text() });';

export const cases: RuleCases = {
  rule: "async-body",
  refused: [
    { title: "a body that is async", code: "DB2305", source: body(look).replace("}, ({ read", "}, «async» ({ read") },
    {
      title: "a helper that is async",
      code: "DB2305",
      source: body(`const help = «async» () => 1;\nvoid help;\n${look}`),
    },
  ],
  accepted: [{ title: "a body that is not", source: body(look) }],
};
