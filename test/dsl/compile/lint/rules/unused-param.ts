import { body, type RuleCases } from "../rule-cases.ts";

const look = 'read("Look", { on: db1, run: sh`ls`, gives: text() });';

export const cases: RuleCases = {
  rule: "unused-param",
  refused: [
    {
      title: "a parameter that no step uses",
      code: "DB2202",
      source: body(look, ' params: { before: name("Before it") },').replace('runbook("CASE"', '«runbook("CASE"»'),
    },
  ],
  accepted: [
    {
      title: "a host that a step runs on",
      source: body(look.replace("on: db1", "on: params.server"), ' params: { server: hostOf(role("store")) },').replace(
        "needs: [store]",
        "needs: ({ server }) => [server]",
      ),
    },
    {
      title: "the host whose asset is recovered",
      source: body(look, ' params: { server: hostOf(role("database-server", { assets: ["database"] })) },')
        .replace("recovers: db1.database", "recovers: ({ server }) => server.database")
        .replace("[store]", "[db1, store]"),
    },
  ],
};
