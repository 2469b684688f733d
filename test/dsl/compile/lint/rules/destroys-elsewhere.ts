import { body, type RuleCases } from "../rule-cases.ts";

const change = (on: string, guard: string): string =>
  `change("Wipe", { on: ${on}, effect: "idempotent", destroys: [db1.database], guard: [${guard}], run: sh\`a\`, verify: sh\`b\` });`;

export const cases: RuleCases = {
  rule: "destroys-elsewhere",
  refused: [
    {
      title: "an asset of a host that the step neither runs on nor guards",
      code: "DB2204",
      source: body(change("store", "isHost(store)").replace('change("Wipe"', '«change("Wipe"»')),
    },
  ],
  accepted: [
    { title: "an asset of its own host", source: body(change("db1", "isHost(db1)")) },
    { title: "an asset of a host that it guards", source: body(change("store", "isHost(db1)")) },
  ],
};
