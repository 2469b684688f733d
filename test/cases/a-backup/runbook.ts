import { host, name, role, runbook, secret, sh } from "../../../dsl/index.ts";

const db1 = host("db1", role("database-server", { assets: ["database"] }));

// No doc comment: the page has to do without one.
export default runbook(
  "runbook",
  { backsUp: db1.database, objective: { rto: "1h", rpo: "24h" }, params: { unused: name("Not used by anything") } },
  ({ change }) => {
    change("Dump it", {
      on: db1,
      effect: "idempotent",
      stdin: secret("encryption-key"),
      run: sh`dump-encrypted --key-file /dev/stdin || true`,
      verify: sh`[ -s /srv/dump ]`,
    });
  },
);
