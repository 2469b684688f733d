import { body, type RuleCases } from "../rule-cases.ts";

const use = (statement: string): string =>
  body(
    `const size: any = read("Size", { on: db1, run: sh\`du\`, gives: integer() });\nconfirm("Go", { evidence: [size] });\n${statement}`,
  ).replace("size: any", "size");

export const cases: RuleCases = {
  rule: "ref-in-sum",
  refused: [
    { title: "joined to a text", code: "DB2302", source: use('void (() => «size» + "x");') },
    { title: "joined from the right", code: "DB2302", source: use('void (() => "x" + «size»);') },
    {
      title: "computed with",
      code: "DB2302",
      source: use("void (() => («size» as never) * 2);").replace(
        "(«size» as never)",
        "«(size as unknown as typeof size)»",
      ),
    },
  ],
  accepted: [{ title: "constants", source: use('void (1 + 2 + "x");') }],
};
