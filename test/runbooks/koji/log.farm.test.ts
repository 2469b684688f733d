import { afterAll, beforeAll, describe, expect, test } from "vitest";
import backUpDatabase from "../../../runbooks/koji/back-up-database.ts";
import backUpCluster from "../../../runbooks/postgres/back-up-cluster.ts";
import checkLog from "../../../runbooks/postgres/check-log.ts";
import keepLog from "../../../runbooks/postgres/keep-log.ts";
import recoverToMoment from "../../../runbooks/postgres/recover-to-moment.ts";
import { drillFarm } from "../../support/drill-farm.ts";
import { drill, recovery, sql, type DrillFarm, type ForkedFarm } from "../../support/fedora-arm-farm.ts";
import { runScript } from "../../support/vault-farm.ts";

const both = ["--server=ireland", "--holder=iraq"];

describe("the log of the Koji database, kept on iraq", () => {
  let farm: DrillFarm;
  let fork: ForkedFarm;

  beforeAll(async () => {
    farm = await drillFarm(drill, { also: [backUpDatabase, keepLog, backUpCluster, checkLog, recoverToMoment] });
    fork = await farm.fork();
    await succeeds("keep-log.mjs", ...both, "--answer=postgresql-may-restart=yes");
    await succeeds("back-up-cluster.mjs", ...both);
  });
  afterAll(async () => {
    await fork?.[Symbol.asyncDispose]();
    await farm?.[Symbol.asyncDispose]();
  });

  async function succeeds(script: string, ...args: readonly string[]): Promise<string> {
    const { code, said } = await runScript(fork, script, ...args);
    expect(code, said.slice(-6000)).toBe(0);
    return said;
  }

  test("is fresh while the hub works, and could be replayed", async () => {
    expect(await fork.world.probe("new-build-goes-through")).toMatchObject({ answer: "yes" });
    expect(await succeeds("check-log.mjs", ...both)).toMatch(/fresh base .*fresh log /su);
    expect(await succeeds("recover-to-moment.mjs", "--plan", ...both)).toContain("without a gap");
  });

  // A server that stops in order hands all of its log over: database and store agree without further steps.
  test("brings the database back to its last second under a farm that goes on", async () => {
    const before = await sql(fork, "select count(*) from build");
    await succeeds(
      "recover-to-moment.mjs",
      ...both,
      "--answer=restore-this-base-backup-and-replay-its-log=yes",
      "--answer=cluster.switch-to-the-restored-cluster=ireland database",
    );
    expect(await sql(fork, "select count(*) from build")).toBe(before);
    for (const probe of ["hub-answers", "known-builds-are-whole", "store-and-hub-agree", "new-build-goes-through"])
      expect(await fork.world.probe(probe), probe).toMatchObject({ answer: "yes" });
    expect(await succeeds("check-log.mjs", ...both)).toMatch(/fresh base .*fresh log /su);
  });

  test("goes on after the database came back from its dump, as that of a new cluster", async () => {
    await succeeds("back-up-database.mjs", "--database=koji");
    const before = await sql(fork, "select system_identifier from pg_control_system()");
    await fork.world.strike(drill.options.disaster);
    await succeeds("recover-database.mjs", ...recovery);
    for (const probe of drill.options.acceptance)
      expect(await fork.world.probe(probe), probe).toMatchObject({ answer: "yes" });
    expect(await sql(fork, "select system_identifier from pg_control_system()")).not.toBe(before);

    // Until there is a base backup of the new cluster, its log is of no use.
    const without = await runScript(fork, "check-log.mjs", ...both);
    expect(without.code).toBe(1);
    expect(without.said).toMatch(/missing base .* is not of the present cluster/u);
    await succeeds("back-up-cluster.mjs", ...both);
    expect(await succeeds("check-log.mjs", ...both)).toMatch(/fresh base .*fresh log /su);
  });
});
