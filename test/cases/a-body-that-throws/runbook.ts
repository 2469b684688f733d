import { host, integer, role, runbook, sh } from "../../../dsl/index.ts";

const db1 = host("db1", role("database-server", { assets: ["database"] }));

/** Two steps may not be called the same. */
export default runbook(
  "runbook",
  { recovers: db1.database, objective: { rto: "1h", rpo: "24h" } },
  ({ read, confirm }) => {
    const size = read("Size", { on: db1, run: sh`du`, gives: integer() });
    confirm("Go on", { evidence: [size] });
    const again = read("Size", { on: db1, run: sh`du`, gives: integer() });
    confirm("Really", { evidence: [again] });
  },
);
