import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresFarm, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";
import { stateOfHosts } from "../../support/state-of-hosts.ts";

describe("plan", () => {
  let farm: PostgresFarm;
  let fork: ForkedFarm;

  beforeAll(async () => {
    farm = await postgresFarm();
    fork = await farm.fork();
  });
  afterAll(async () => {
    await fork?.[Symbol.asyncDispose]();
    await farm?.[Symbol.asyncDispose]();
  });

  const state = () => stateOfHosts(fork, ["db1", "backup1", "bastion"], { host: "db1", database: "shop" });

  test("notices a change when there is one", async () => {
    const before = await state();
    await fork.root("backup1", "touch /archive/postgres");
    expect(await state()).not.toEqual(before);
  });

  test.each([
    { script: "recover-postgres.mjs", args: ["--server=db1"] },
    { script: "back-up-postgres.mjs", args: ["--server=db1", "--database=shop"] },
  ])("of $script changes nothing on any host", async ({ script, args }) => {
    const before = await state();
    const result = await fork.run(script, ["--plan", ...args]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(result.stdout).toMatch(/known after/u);
    expect(await state()).toEqual(before);
  });
});
