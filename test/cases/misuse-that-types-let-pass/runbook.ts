import { bool, host, path, role, runbook, sh } from "../../../dsl/index.ts";

const db1 = host("db1", role("database-server", { assets: ["database"] }));
const store = host("store", role("store"));

/** References look like values, and are none yet. */
export default runbook(
  "runbook",
  { recovers: db1.database, objective: { rto: "1h", rpo: "24h" } },
  ({ read, confirm }) => {
    const dump = read("Dump", { on: store, run: sh`ls`, gives: path() });
    const ready = read("Ready", { on: db1, run: sh`true`, gives: bool() });
    if (ready) confirm("Go on", { evidence: [dump] });
    const made = new Date(0);
    confirm(made.getTime() > 0 ? "Late" : "Early", { evidence: ready ? [dump] : [] });
    confirm("The same", { evidence: (dump as unknown) === ready ? [dump] : [] });
  },
);
