import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "shell-syntax",
  refused: [
    { title: "a quote without its partner", code: "DB2101", source: command("echo «'»never closed") },
    {
      title: "a loop without an end, on a later line",
      code: "DB2101",
      source: command("true\n  «w»hile true; do\n    a\n"),
    },
  ],
  accepted: [
    { title: "what bash has and POSIX sh lacks", source: command("[[ a =~ b ]] && x=(1 2) && cat <(ls) <<< a") },
  ],
};
