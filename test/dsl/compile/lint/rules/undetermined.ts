import { body, type RuleCases } from "../rule-cases.ts";

const use = (statement: string): string =>
  body(`${statement}\nread("Look", { on: db1, run: sh\`ls\`, gives: text() });`);

export const cases: RuleCases = {
  rule: "undetermined",
  refused: [
    { title: "the clock", code: "DB2306", source: use("void «Date».now();") },
    { title: "a moment", code: "DB2306", source: use("void new «Date»();") },
    { title: "chance", code: "DB2306", source: use("void «Math».random();") },
    { title: "the environment", code: "DB2306", source: use('void «process».env["HOME"];') },
    { title: "the network", code: "DB2306", source: use('void (() => «fetch»("x"));') },
    { title: "a timer", code: "DB2306", source: use("void (() => «setTimeout»(() => 1));") },
    { title: "anything through globalThis", code: "DB2306", source: use("void «globalThis»;") },
  ],
  accepted: [
    { title: "arithmetic", source: use("void Math.max(1, 2);") },
    { title: "an own thing of such a name", source: use("const process = { env: 1 };\nvoid process.env;") },
    { title: "a member of such a name", source: use("const of = { Date: 1 };\nvoid of.Date;") },
  ],
};
