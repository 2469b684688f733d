import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "hidden-failure",
  refused: [
    { title: "|| true", code: "DB2111", source: command("«systemctl stop httpd || true»") },
    { title: "|| :", code: "DB2111", source: command("«systemctl stop httpd || :»") },
    { title: "inside a group", code: "DB2111", source: command("{ «grep a b || true»; } > c") },
    {
      title: "with a comment that is about another line",
      code: "DB2111",
      source: command("# first\ntrue\n«a || true»"),
    },
  ],
  accepted: [
    { title: "with the reason beside it", source: command("a || true # it may not be there") },
    { title: "with the reason above it", source: command("# It may not be there.\na || true") },
    { title: "another way out", source: command("a || b") },
    { title: "in a probe", source: command('[ "$(a || true)" = b ]', { member: "verify" }) },
  ],
};
