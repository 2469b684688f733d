import { host, line, role, runbook, sh, text } from "../../../dsl/index.ts";

const db1 = host("db1", role("database-server", { assets: ["database"] }));

/** Every refusal of a value names the place and the way out. */
export default runbook(
  "runbook",
  { recovers: db1.database, objective: { rto: "1h", rpo: "24h" } },
  ({ read, change }) => {
    const who = read("Who", { on: db1, run: sh`find-out`, gives: line() });
    read("In quotes", { on: db1, run: sh`printf '%s\n' "it is ${who}"`, gives: text() });
    read("In an option", { on: db1, run: sh`tool --name=${who}`, gives: text() });
    read("In SQL", { on: db1, run: sh`psql -c ${who}`, gives: text() });
    read("In a here-document", {
      on: db1,
      run: sh`
        psql <<SQL
          select * from users where name = ${who};
        SQL
      `,
      gives: text(),
    });
    change("As a file", {
      on: db1,
      effect: "idempotent",
      run: sh`
        	cat > ${who}
        rm ${who} "$nobody"
      `,
      verify: sh`! grep -q -e ${who} /etc/passwd`,
    });
  },
);
