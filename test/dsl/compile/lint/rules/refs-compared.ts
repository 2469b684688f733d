import { body, type RuleCases } from "../rule-cases.ts";

const use = (statement: string): string =>
  body(
    'const one = read("One", { on: db1, run: sh`t`, gives: name() });\nconst two = read("Two", { on: db1, run: sh`t`, gives: name() });\n' +
      `confirm("Go", { evidence: [one, two] });\n${statement}`,
  );

export const cases: RuleCases = {
  rule: "refs-compared",
  refused: [
    { title: "two values", code: "DB2304", source: use("void («one» === two);") },
    { title: "a value and a constant", code: "DB2304", source: use('void (("a" as unknown) !== «one»);') },
    { title: "smaller", code: "DB2304", source: use("void (() => «one» < two);") },
    { title: "a switch", code: "DB2304", source: use("switch («one») { default: }") },
  ],
  accepted: [
    {
      title: "a predicate",
      source: use('when("Same", eq(one, two), () => { confirm("Really", { evidence: [] }); });'),
    },
  ],
};
