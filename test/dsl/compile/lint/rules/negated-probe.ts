import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "negated-probe",
  refused: [
    {
      title: "a verify turned around",
      code: "DB2110",
      source: command("«! systemctl is-active httpd»", { member: "verify" }),
    },
    { title: "a done turned around", code: "DB2110", source: command("«! test -e /x»", { member: "done" }) },
    { title: "the last of several", code: "DB2110", source: command("true\n«! grep -q a /x»", { member: "verify" }) },
    { title: "one side of an and", code: "DB2110", source: command("true && «! grep -q a /x»", { member: "verify" }) },
    {
      title: "a guard turned around",
      code: "DB2110",
      source: command("true", { member: 'guard: [holds("it is off", sh`«! pgrep postgres»`)], run' }),
    },
  ],
  accepted: [
    { title: "the negation of test's own", source: command("[ ! -e /x ]", { member: "verify" }) },
    { title: "a condition inside", source: command("if ! grep -q a /x; then exit 1; fi", { member: "verify" }) },
    { title: "the command of a change", source: command("! grep -q a /x") },
  ],
};
