import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drill, fedoraArmFarm, type DrillFarm, type ForkedFarm } from "../../support/fedora-arm-farm.ts";
import { stateOfHosts } from "../../support/state-of-hosts.ts";

const builders = ["cdot-panda-1-1", "cdot-panda-1-2"];
const hosts = ["hongkong", "ireland", "chile", "australia", "iraq", "bastion", ...builders];

const recover = { script: "recover-database.mjs", args: ["--orphans=import"] };
const backUp = { script: "back-up-database.mjs", args: ["--database=koji"] };

describe("plan", () => {
  let farm: DrillFarm;
  let fork: ForkedFarm;

  beforeAll(async () => {
    farm = await fedoraArmFarm();
    fork = await farm.fork();
    // They work on their own, and would write to database and store meanwhile.
    for (const builder of builders) await fork.root(builder, "systemctl stop kojid");
    await fork.root("hongkong", "systemctl stop kojira");
  });
  afterAll(async () => {
    await fork?.[Symbol.asyncDispose]();
    await farm?.[Symbol.asyncDispose]();
  });

  test.each([recover, backUp])("of $script changes nothing on any host", async ({ script, args }) => {
    const state = () => stateOfHosts(fork, hosts, { host: "ireland", database: "koji" });
    const before = await state();
    const result = await fork.run(script, ["--plan", ...args]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(await state()).toEqual(before);
  });

  test("of a recovery changes nothing where the disaster has struck", async () => {
    await fork.world.strike(drill.options.disaster);
    const before = await stateOfHosts(fork, hosts);
    const result = await fork.run(recover.script, ["--plan", ...recover.args]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(await stateOfHosts(fork, hosts)).toEqual(before);
  });
});
