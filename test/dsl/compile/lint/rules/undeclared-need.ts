import { body, type RuleCases } from "../rule-cases.ts";

const look = (on: string): string => `«read("Look at ${on}"», { on: ${on}, run: sh\`ls\`, gives: text() });`;
const plain = (on: string): string => look(on).replace(/[«»]/gu, "");

export const cases: RuleCases = {
  rule: "undeclared-need",
  refused: [
    {
      title: "a host that a step runs on",
      code: "DB2203",
      source: body(look("store")).replace("needs: [store]", "needs: []"),
    },
    {
      title: "a host that a guard names",
      code: "DB2203",
      source: body(
        '«change("Do it"», { on: db1, effect: "idempotent", guard: [isHost(store)], run: sh`a`, verify: sh`b` });',
      ).replace("needs: [store]", "needs: []"),
    },
    {
      title: "a host told once, however many steps",
      code: "DB2203",
      source: body(`${look("store")}\nread("Again", { on: store, run: sh\`ls\`, gives: text() });`).replace(
        "needs: [store]",
        "needs: []",
      ),
    },
  ],
  accepted: [
    { title: "the host that is recovered", source: body(plain("db1")).replace("needs: [store]", "needs: []") },
    { title: "a host that is declared", source: body(plain("store")) },
    {
      title: "a host whose asset is declared",
      source: body(plain("store")).replace("needs: [store]", "needs: [store.sets]"),
    },
    {
      title: "a backup, which recovers nothing",
      source: body(plain("store"))
        .replace("recovers: db1.database", "backsUp: db1.database")
        .replace("needs: [store]", "needs: []"),
    },
  ],
};
