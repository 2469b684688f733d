import { command, type RuleCases } from "../rule-cases.ts";

const programs = [
  "sh -c",
  "bash -euc",
  "psql -c",
  "psql -X -d postgres --command",
  "psql -Atc",
  "eval",
  "awk",
  "awk -F : -v n=1",
  "sed -n",
  "sed -n -e p -e",
  "python3 -c",
  "perl -ne",
  "node -e",
  "su - postgres -c",
  "runuser -u postgres -- psql -c",
  "sudo -u postgres sh -c",
  "xargs -0 sh -c",
  "find /srv -exec sh -c",
  "timeout 5 bash -c",
  "env A=1 sh -c",
  "trap",
  "printf",
  "printf -v",
  "unset",
];

export const cases: RuleCases = {
  rule: "interpreter",
  refused: programs.map((program) => ({
    title: `as the text of ${program}`,
    code: "DB2107",
    source: command(`${program} «\${value}»`, { type: "name()" }),
  })),
  accepted: [
    { title: "as an argument after a constant text", source: command("sh -c 'printf %s \"$1\"' sh ${value}") },
    { title: "as a file that awk reads", source: command("awk '{ print $1 }' ${value}", { type: "path()" }) },
    { title: "as a file that sed reads", source: command("sed -n p ${value}", { type: "path()" }) },
    { title: "as data of printf", source: command("printf '%s\\n' ${value}") },
    { title: "as the database of psql", source: command("psql -d ${value} -c 'select 1'", { type: "name()" }) },
    {
      title: "beside a constant text, in the environment",
      source: command("v=${value} awk 'BEGIN { print ENVIRON[\"v\"] }'"),
    },
  ],
};
