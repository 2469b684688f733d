import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresFarm, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";

/**
 * What changes on a machine that nobody touches, and what logging in leaves behind: the kernel's and the volatile file
 * systems (the supervisor may write to /run), the journal and the records of log-ins, what systemd writes by itself, and
 * the cluster's own background work. The database is compared by its content instead.
 */
const excluded = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/lib/systemd", "/var/lib/pgsql/data"];

const fileSystem = `find / -xdev \\( ${excluded.map((path) => `-path ${path}`).join(" -o ")} \\) -prune -o \
  -printf '%p %y %m %U:%G %s %l %C@\\n' | sort`;
const database = `cd /
  for dump in 'pg_dump shop' 'pg_dumpall --globals-only'; do
    # A dump of these versions carries a key of its own in two lines.
    runuser -u postgres -- $dump | sed '/^\\\\\\(un\\)\\?restrict /d' | sha256sum
  done
  systemctl show -p ActiveEnterTimestamp postgresql`;

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

  async function state(): Promise<Readonly<Record<string, string>>> {
    return {
      db1: await fork.root("db1", fileSystem),
      backup1: await fork.root("backup1", fileSystem),
      bastion: await fork.root("bastion", fileSystem),
      database: await fork.root("db1", database),
    };
  }

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
