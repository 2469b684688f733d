import { body, type RuleCases } from "../rule-cases.ts";

const fed = (run: string): string =>
  body(
    `change("Set it", { on: db1, effect: "idempotent", stdin: secret("password"), run: sh\`${run}\`, verify: sh\`true\` });`,
  );

export const cases: RuleCases = {
  rule: "secret-leak",
  refused: [
    { title: "as an argument", code: "DB2116", source: fed('read -r word; tool --password "«$word»"') },
    { title: "as an argument, read whole", code: "DB2116", source: fed('word=$(cat); tool "--password=«$word»"') },
    { title: "traced", code: "DB2117", source: fed("«set» -x; tool") },
    { title: "traced among other options", code: "DB2117", source: fed("«set» -eux; tool") },
  ],
  accepted: [
    { title: "handed on by a builtin", source: fed("read -r word; printf '%s' \"$word\" | tool") },
    { title: "never read by the shell", source: fed("tool --password-file /dev/stdin") },
  ],
};
