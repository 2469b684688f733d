import { body, type RuleCases } from "../rule-cases.ts";

const use = (statement: string): string =>
  body(
    `const dump = read("Dump", { on: db1, run: sh\`ls\`, gives: path() });\nconfirm("Go", { evidence: [dump] });\n${statement}`,
  );

export const cases: RuleCases = {
  rule: "ref-in-template",
  refused: [
    { title: "a captured value", code: "DB2301", source: use("void `it is ${«dump»}`;") },
    { title: "a host", code: "DB2301", source: use("void `it is ${«db1»}`;") },
    {
      title: "a value that may be absent",
      code: "DB2301",
      source: body(
        'void `it is ${«params.before»}`;\nconfirm("Go", { evidence: [params.before] });',
        " params: { before: name().optional() },",
      ),
    },
  ],
  accepted: [
    { title: "a constant", source: use("const where = `in ${1}`;\nvoid where;") },
    { title: "a value in a command", source: use('read("Look", { on: db1, run: sh`ls -- ${dump}`, gives: text() });') },
  ],
};
