import { body, type RuleCases } from "../rule-cases.ts";

const when = (condition: string): string =>
  [
    'const mode = read("Mode", { on: db1, run: sh`t`, gives: choice(["fast", "slow"]) });',
    'const size = read("Size", { on: db1, run: sh`t`, gives: integer() });',
    `when("It is so", ${condition}, () => { read("Look", { on: db1, run: sh\`ls\`, gives: text() }); });`,
    'confirm("Go", { evidence: [mode, size] });',
  ].join("\n");
const marked = (condition: string): string => body(when(condition).replace('when("It is so"', '«when("It is so"»'));

export const cases: RuleCases = {
  rule: "unreachable-branch",
  refused: [
    { title: "a word that the choice does not have", code: "DB2205", source: marked('eq(mode, "quick" as "fast")') },
    { title: "a value and itself", code: "DB2205", source: marked("eq(size, size)") },
    { title: "smaller than itself", code: "DB2205", source: marked("lt(size, size)") },
    { title: "two constants", code: "DB2205", source: marked("lt(1, 2)") },
    { title: "no whole number", code: "DB2205", source: marked("eq(size, 1.5)") },
    { title: "the presence of what is always there", code: "DB2205", source: marked("present(size)") },
    { title: "never, among others", code: "DB2205", source: marked('and(eq(mode, "fast"), lt(size, size))') },
    { title: "always, turned around", code: "DB2205", source: marked("not(eq(size, size))") },
  ],
  accepted: [
    { title: "a word of the choice", source: body(when('eq(mode, "slow")')) },
    { title: "a number", source: body(when("lt(size, 10)")) },
    {
      title: "the presence of what may be absent",
      source: body(when("present(params.before)"), " params: { before: name().optional() },"),
    },
  ],
};
