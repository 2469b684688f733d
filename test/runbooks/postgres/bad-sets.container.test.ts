import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresFarm, recovery, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";

const archive = "/archive/postgres/db1";
// Newer than any set that a backup makes, so that it is the one to be chosen.
const newest = "2999-12-31T23-59-59Z";
const reseal = `sed -i '/^seal /d' MANIFEST; echo "seal $(sha256sum < MANIFEST | cut -d ' ' -f 1)" >> MANIFEST`;

/** What happens to the newest set, and what the recovery must say about it. */
const bad: readonly { readonly title: string; readonly harm: string; readonly says: RegExp }[] = [
  {
    title: "a dump that was cut short",
    harm: "truncate -s -1 database.dump",
    says: /database\.dump is truncated: \d+ of \d+ bytes/u,
  },
  {
    title: "a dump with one bit altered",
    harm: `at=$(($(stat -c %s database.dump) / 2))
      byte=$(od -An -tu1 -j "$at" -N 1 database.dump)
      printf "\\\\x$(printf %x "$((byte ^ 1))")" | dd of=database.dump bs=1 seek="$at" conv=notrunc status=none`,
    says: /database\.dump was altered/u,
  },
  { title: "an empty dump", harm: "truncate -s 0 database.dump", says: /database\.dump is empty/u },
  { title: "a dump that is not there", harm: "rm database.dump", says: /database\.dump is missing/u },
  { title: "a set that was never finished", harm: "rm MANIFEST", says: /no MANIFEST/u },
  {
    title: "a manifest with one row count altered",
    harm: "sed -i '0,/^rows .* [0-9]*$/s/[0-9]*$/1/' MANIFEST",
    says: /MANIFEST was altered after it was sealed/u,
  },
  {
    title: "a dump of another cluster",
    harm: `sed -i 's/^system-identifier .*/system-identifier 7000000000000000001/' MANIFEST; ${reseal}`,
    says: /of another cluster: 7000000000000000001/u,
  },
  {
    title: "a dump made by a newer major version",
    harm: `sed -i 's/^server-version-num .*/server-version-num 990001/' MANIFEST; ${reseal}`,
    says: /made by PostgreSQL 99, newer than the one installed/u,
  },
];

describe("the newest set in the archive", () => {
  let farm: PostgresFarm;
  let fork: ForkedFarm;

  beforeAll(async () => {
    farm = await postgresFarm();
    fork = await farm.fork();
    // A stopped server writes nothing by itself, so that whatever changes below was changed by the script.
    await fork.root("db1", "systemctl stop postgresql");
  });
  afterAll(async () => {
    await fork?.[Symbol.asyncDispose]();
    await farm?.[Symbol.asyncDispose]();
  });

  const target = (): Promise<string> =>
    fork.root("db1", "find /var/lib/pgsql -printf '%p %y %s %C@\\n' | sort; systemctl is-active postgresql || true");

  async function setWith(harm: string): Promise<void> {
    await fork.root(
      "backup1",
      `cd ${archive}
      rm -rf ${newest}
      cp -a "$(ls -d 2*Z | tail -n 1)" ${newest}
      cd ${newest}
      ${harm}`,
    );
  }

  test.each(bad)("is refused before the server is touched: $title", async ({ harm, says }) => {
    await setWith(harm);
    const before = await target();
    const result = await fork.run("recover-postgres.mjs", recovery);
    expect(`${result.stdout}${result.stderr}`).toMatch(says);
    expect(result.code).toBe(1);
    expect(await target()).toBe(before);
  });

  test("is used when it is whole", async () => {
    await setWith("true");
    const result = await fork.run("recover-postgres.mjs", recovery);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(await fork.world.probe("data-is-whole")).toMatchObject({ answer: "yes" });
  });
});
