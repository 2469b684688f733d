import { body, type RuleCases } from "../rule-cases.ts";

const use = (statement: string): string =>
  body(
    `const ready = read("Ready", { on: db1, run: sh\`t\`, gives: bool() });\nconfirm("Go", { evidence: [ready] });\n${statement}`,
  );

export const cases: RuleCases = {
  rule: "ref-as-condition",
  refused: [
    { title: "if", code: "DB2303", source: use("if («ready») void 0;") },
    { title: "a choice", code: "DB2303", source: use("void («ready» ? 1 : 2);") },
    { title: "and", code: "DB2303", source: use("void («ready» && 1);") },
    { title: "or", code: "DB2303", source: use("void («ready» || 1);") },
    { title: "otherwise", code: "DB2303", source: use("void («ready» ?? 1);") },
    { title: "not", code: "DB2303", source: use("void !«ready»;") },
    { title: "while", code: "DB2303", source: use("while («ready») break;") },
  ],
  accepted: [
    { title: "when", source: use('when("It is ready", ready, () => { confirm("Really", { evidence: [] }); });') },
    { title: "if on a constant", source: use("if (1 < 2) void 0;") },
  ],
};
