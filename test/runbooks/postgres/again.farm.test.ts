import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresFarm, recovery, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";

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

const restore = "cluster.restore-the-set-into-a-new-cluster";

test("a second recovery from one set, whose server restarts in the middle of the restore, restores it anew", async () => {
  expect(await fork.run("recover-postgres.mjs", recovery)).toMatchObject({ code: 0 });
  // What the first recovery brought back is spoilt again, and lies where it was: with the mark of the set in it.
  await fork.root("db1", `runuser -u postgres -- psql -X -q -d shop -c 'drop table orders cascade'`);

  let restarted: Promise<void> | undefined;
  const onLine = (line: string): void => {
    if (line.includes('"intent"') && line.includes(restore)) restarted ??= fork.world.restart("db1");
  };
  const stopped = await fork.run("recover-postgres.mjs", ["--json", ...recovery], { onLine });
  expect(restarted, stopped.stdout).toBeDefined();
  await restarted;
  expect(stopped.code, stopped.stdout).not.toBe(0);
  const answers = recovery.filter((argument) => argument.startsWith("--answer"));
  const resumed = await fork.run("recover-postgres.mjs", ["--resume", ...answers]);
  expect(resumed, resumed.stdout + resumed.stderr).toMatchObject({ code: 0 });
  expect(await fork.world.probe("data-is-whole")).toMatchObject({ answer: "yes" });
});
