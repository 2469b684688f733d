import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "other-host",
  refused: [
    { title: "ssh", code: "DB2113", source: command("«ssh» db2 rm -rf /srv") },
    { title: "ssh by its path, through sudo", code: "DB2113", source: command("sudo «/usr/bin/ssh» db2 true") },
  ],
  accepted: [{ title: "rsync", source: command("rsync -a -- /srv/ backup:srv/") }],
};
