import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "background",
  refused: [
    { title: "a command left running", code: "DB2112", source: command("«daemon &»") },
    { title: "one of several", code: "DB2112", source: command("a; «b &» c") },
    { title: "a coprocess", code: "DB2112", source: command("«coproc cat») ".replace(") ", "")) },
  ],
  accepted: [
    { title: "and", source: command("a && b") },
    { title: "redirected together", source: command("a &> /dev/null 2>&1") },
  ],
};
