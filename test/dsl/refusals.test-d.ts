/** What the type checker refuses. Checked by `npm run check`: an expectation that no longer fails is an error. */
import {
  bool,
  freeSpace,
  hostOf,
  host,
  integer,
  isHost,
  list,
  path,
  procedure,
  role,
  runbook,
  secret,
  sh,
  timestamp,
  type Ref,
} from "../../dsl/index.ts";

const databaseServer = role("database-server", { assets: ["database", "keys"] });
const backupServer = role("backup-server", { assets: ["archive", "keys"] });
const ireland = host("ireland", databaseServer);
const iraq = host("iraq", backupServer);

const measure = procedure("measure", ({ read }, dump: Ref<string>) =>
  read("Measure it", { on: iraq, run: sh`stat -c %s ${dump}`, gives: integer() }),
);

export default runbook(
  "recover-database",
  {
    recovers: ireland.database,
    objective: { rto: "1h", rpo: "24h" },
    needs: [iraq.archive],
    params: {
      before: timestamp("Use the newest dump made before this moment").optional(),
      server: hostOf(databaseServer),
      either: hostOf([databaseServer, backupServer]),
    },
  },
  ({ read, change, confirm, when, forEach, params }) => {
    const dump = read("Choose the newest dump", { on: iraq, run: sh`newest ${params.before}`, gives: path() });
    const bytes = measure(dump);
    change("Load the dump", {
      on: params.server,
      effect: "idempotent",
      destroys: [params.server.database],
      guard: [isHost(params.server), freeSpace("/var/lib/pgsql", { times: 3, of: bytes })],
      run: sh`pg_restore --exit-on-error --dbname=koji_restored ${dump}`,
      verify: sh`true`,
    });
    const orphans = read("List orphans", { on: iraq, run: sh`orphans`, gives: list(path()) });
    forEach("Set orphans aside", orphans, (orphan) =>
      change("Set aside", { on: iraq, effect: "once", done: "ask", run: sh`mv ${orphan} /x`, verify: sh`true` }),
    );
    when("An older dump was asked for", params.before, (before) => confirm("Older dump", { evidence: [before, dump] }));
    const size = when(
      "Either",
      read("Is it so", { on: iraq, run: sh`t`, gives: bool() }),
      () => read("One", { on: iraq, run: sh`t`, gives: integer() }),
      () => read("Other", { on: iraq, run: sh`t`, gives: integer() }),
    );
    confirm("Go", { evidence: [size] });

    // @ts-expect-error no effect class
    change("a", { on: iraq, run: sh`t`, verify: sh`t` });
    // @ts-expect-error once without an authoritative done
    change("b", { on: iraq, effect: "once", run: sh`t`, verify: sh`t` });
    // @ts-expect-error destructive without a guard
    change("c", { on: iraq, effect: "idempotent", destroys: [ireland.database], run: sh`t`, verify: sh`t` });
    // @ts-expect-error a secret cannot be interpolated
    sh`login ${secret("db")}`;
    // @ts-expect-error a plain string cannot be interpolated
    sh`ls ${"x"}`;
    // @ts-expect-error a list cannot be one word
    sh`ls ${orphans}`;
    // @ts-expect-error the asset of another host
    void ireland.archive;
    void params.either.keys;
    // @ts-expect-error an asset that only one of the roles has
    void params.either.archive;
    // @ts-expect-error an optional value cannot be walked
    forEach("d", params.before, () => {});
  },
);

// @ts-expect-error an async body
runbook("x", { objective: { rto: "1h", rpo: "24h" } }, async ({ read }) => {
  read("y", { on: iraq, run: sh`t`, gives: bool() });
});
