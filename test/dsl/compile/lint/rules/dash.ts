import { command, type RuleCases } from "../rule-cases.ts";

export const cases: RuleCases = {
  rule: "dash",
  refused: [
    { title: "a line where an option could stand", code: "DB2114", source: command("rm -f «${value}»") },
    {
      title: "a text where an option could stand",
      code: "DB2114",
      source: command("mv «${value}» /srv/x", { type: "text()" }),
    },
    { title: "in the program that another runs", code: "DB2114", source: command("sudo -u postgres cat «${value}»") },
    { title: "before the --", code: "DB2114", source: command("grep -q «${value}» -- /etc/hosts") },
    { title: "what echo prints", code: "DB2115", source: command("echo «${value}»") },
  ],
  accepted: [
    { title: "after the --", source: command("rm -f -- ${value}") },
    { title: "as the argument of an option", source: command("grep -q -e ${value} /etc/hosts") },
    ...["path()", "name()", "timestamp()", "integer()", 'choice(["a"])'].map((type) => ({
      title: `a ${type}, which begins with no hyphen`,
      source: command("rm -f ${value}", { type }).replace("name, not", "name, timestamp, not"),
    })),
    { title: "of a program that knows no --", source: command("[ ${value} = a ]") },
  ],
};
