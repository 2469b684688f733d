import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drill, fedoraArmFarm, recovery, type DrillFarm, type ForkedFarm } from "../../support/fedora-arm-farm.ts";

const script = "recover-database.mjs";
const archive = "/archive/blaze-backup/ireland";
const reseal = `sed -i '/^seal /d' MANIFEST; echo "seal $(sha256sum < MANIFEST | cut -d ' ' -f 1)" >> MANIFEST`;

/** What happens to a copy of the newest set that is named to be newer, and what must be said of it. */
const bad: readonly { readonly title: string; readonly harm: string; readonly says: RegExp }[] = [
  {
    title: "a dump that was cut short",
    harm: "truncate -s -1 database.dump",
    says: /passed over, database\.dump has \d+ bytes instead of \d+/u,
  },
  {
    title: "a dump with one bit altered",
    harm: `at=$(($(stat -c %s database.dump) / 2))
      byte=$(od -An -tu1 -j "$at" -N 1 database.dump)
      printf "\\\\x$(printf %x "$((byte ^ 1))")" | dd of=database.dump bs=1 seek="$at" conv=notrunc status=none`,
    says: /passed over, database\.dump was altered/u,
  },
  { title: "a set that was never finished", harm: "rm MANIFEST", says: /passed over, it has no MANIFEST/u },
  { title: "a name of another day than the data", harm: "true", says: /passed over, its name says 2999-12-31/u },
  {
    title: "a dump made by a newer major version",
    harm: `sed -i 's/^server-version-num .*/server-version-num 990001/' MANIFEST; ${reseal}`,
    says: /passed over, it was made by PostgreSQL 99/u,
  },
];

describe("the recovery of the Koji database", () => {
  let farm: DrillFarm;
  let fork: ForkedFarm;

  beforeAll(async () => {
    farm = await fedoraArmFarm();
    fork = await farm.fork();
  });
  afterAll(async () => {
    await fork?.[Symbol.asyncDispose]();
    await farm?.[Symbol.asyncDispose]();
  });

  const sets = (): Promise<string> => fork.root("iraq", `cd ${archive}; ls -d ireland-pgdump-* | sort -t . -k 2`);
  const newest = async (): Promise<string> => (await sets()).trim().split("\n").at(-1) ?? "";

  /** Asks which dump would be restored; nobody answers, so nothing is. */
  async function chosen(...args: readonly string[]): Promise<string> {
    const { stdout, stderr, code } = await fork.run(script, ["--json", "--orphans=import", ...args]);
    expect(code, stderr).toBe(3);
    return stdout;
  }

  test.each(bad)("passes over $title, says why, and takes the next", async ({ harm, says }) => {
    const whole = await newest();
    // The manifest of a forged name has to agree with it, or that alone would be found.
    await fork.root(
      "iraq",
      `cd ${archive}
      cp -a ${whole} ireland-pgdump-Dec-31-2999.235959Z
      cd ireland-pgdump-Dec-31-2999.235959Z
      ${says.source.includes("name says") ? "" : `sed -i 's/^begun .*/begun 2999-12-31T23:59:59Z/' MANIFEST; ${reseal}`}
      ${harm}`,
    );
    try {
      const said = await chosen();
      expect(said).toMatch(says);
      expect(said).toContain(`${archive}/${whole}`);
    } finally {
      await fork.root("iraq", `rm -r ${archive}/ireland-pgdump-Dec-31-2999.235959Z`);
    }
  });

  test("takes the later day, which is the smaller name", async () => {
    const whole = await newest();
    await fork.root(
      "iraq",
      `cd ${archive}
      for day in 'Mar-28 03-28' 'Apr-01 04-01'; do
        name=ireland-pgdump-\${day% *}-2999.000000Z
        cp -a ${whole} "$name"
        (cd "$name"; sed -i "s/^begun .*/begun 2999-\${day#* }T00:00:00Z/" MANIFEST; ${reseal})
      done`,
    );
    try {
      expect(await chosen()).toContain(`${archive}/ireland-pgdump-Apr-01-2999.000000Z"`);
      expect(await chosen("--before=2999-04-01T00:00:00Z")).toContain(`${archive}/ireland-pgdump-Mar-28-2999.000000Z"`);
      expect(await chosen("--pass-over=2")).toContain(`${archive}/${whole}"`);
    } finally {
      await fork.root("iraq", `rm -r ${archive}/*-2999.000000Z`);
    }
  });

  test("sets aside what it is told to, reports it by name, and leaves a farm that works", async () => {
    const made = await fork.world.probe("new-build-goes-through");
    expect(made).toMatchObject({ answer: "yes" });
    const nvr = /^heartbeat-\S+(?=,)/u.exec(made.evidence)?.[0] ?? "";
    expect(await fork.world.probe("new-repository-is-made")).toMatchObject({ answer: "yes" });
    await fork.world.strike(drill.options.disaster);

    const { code, stderr, stdout } = await fork.run(script, [
      "--json",
      ...recovery.map((arg) => (arg === "--orphans=import" ? "--orphans=set-aside" : arg)),
    ]);
    expect(code, `${stderr}${stdout.slice(-4000)}`).toBe(0);

    const report = await fork.root("hongkong", "cat /var/log/koji-recovery/lost-since-*.txt");
    // It went to a tag that no repository is made of, so none had it.
    expect(report).toMatch(new RegExp(`^${nvr}\\tset aside\\t\\S+\\t- $`, "mu"));
    expect(report).toMatch(/^f17-build\/\d+$/mu);
    for (const probe of drill.options.acceptance)
      expect(await fork.world.probe(probe), probe).toMatchObject({ answer: "yes" });
    expect(await fork.root("chile", `find /mnt/koji/packages -path '*${nvr.replaceAll("-", "/")}'`)).toBe("");
  });
});
