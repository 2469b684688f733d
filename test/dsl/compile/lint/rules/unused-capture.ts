import { body, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "unused-capture",
  refused: [
    {
      title: "a value that has a name and no use",
      code: "DB2201",
      source: body('const size = «read("Size»", { on: db1, run: sh`du`, gives: integer() });\nvoid size;').replace(
        '«read("Size»"',
        '«read("Size"»',
      ),
    },
  ],
  accepted: [
    { title: "a read whose success is all", source: body('read("Look", { on: db1, run: sh`ls`, gives: text() });') },
    {
      title: "shown to a person",
      source: body(
        'const seen = read("Look", { on: db1, run: sh`ls`, gives: text() });\nconfirm("Go", { evidence: [seen] });',
      ),
    },
    {
      title: "given by both branches",
      source: body(
        'const a = read("Which", { on: db1, run: sh`t`, gives: bool() });\n' +
          'const size = when("It is", a, () => read("One", { on: db1, run: sh`t`, gives: integer() }), () => read("Two", { on: db1, run: sh`t`, gives: integer() }));\n' +
          'confirm("Go", { evidence: [size] });',
      ),
    },
  ],
};
