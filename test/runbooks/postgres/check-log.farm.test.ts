import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { drillbook } from "../../runner/cli/drillbook.ts";
import { eventually } from "../../support/eventually.ts";
import { logFarm, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";
import { archive, logOf } from "../../support/postgres-log.ts";
import { runScript } from "../../support/vault-farm.ts";

let farm: PostgresFarm;
let fork: ForkedFarm;

beforeAll(async () => {
  farm = await logFarm();
});
afterAll(() => farm?.[Symbol.asyncDispose]());
beforeEach(async () => {
  fork = await farm.fork();
});
afterEach(() => fork?.[Symbol.asyncDispose]());

const { segments, fill, handOver, beat } = logOf(() => fork);

/** What the holder says of base backup and log. The farm's may have been made days ago. */
async function checked(
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly told: readonly string[] }> {
  const { code, said } = await runScript(
    fork,
    "check-log.mjs",
    "--server=db1",
    "--holder=backup1",
    "--hours=87600",
    ...more,
  );
  const form =
    /(?:fresh|late|ahead|missing|unproven|shrunken|broken) (?:base|log) (?:-|\d{4}-\d\d-\d\dT[\d:]{8}Z) (?:-|\d+)[^"\\]*/gu;
  return { code, told: [...new Set(said.match(form))] };
}

test("the holder tells that base backup and log are fresh, and which segment is missing or spoilt", async () => {
  await beat();
  const fresh = await checked();
  expect(fresh).toEqual({
    code: 0,
    told: [expect.stringMatching(/^fresh base \S+ \d+$/u), expect.stringMatching(/^fresh log \S+ \d+$/u)],
  });

  await handOver(2);
  const segment = (await segments()).at(-2) ?? "";
  await fork.root(
    "backup1",
    `cd ${archive}/log/*; cp -p ${segment} /root/; printf x | dd of=${segment} bs=1 seek=5000 conv=notrunc status=none`,
  );
  const broken = (fault: string) => new RegExp(`^broken log .* ${segment.slice(0, 24)} is ${fault}: nothing from`, "u");
  const spoilt = await checked();
  expect(spoilt).toMatchObject({ code: 1 });
  expect(spoilt.told[1]).toMatch(broken("spoilt"));
  await fork.root("backup1", `rm ${archive}/log/*/${segment}`);
  expect((await checked()).told[1]).toMatch(broken("missing"));
});

test("ready says whether the server could be brought back to a moment ago, and what stands against it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ready-"));
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const binding = join(folder, "binding.json");
  await writeFile(binding, JSON.stringify(await fork.world.binding()));
  const ready = () =>
    drillbook(
      root,
      "ready",
      "recover-to-moment",
      "--binding",
      binding,
      "--with",
      "server=db1",
      "--with",
      "holder=backup1",
    );
  try {
    await beat();
    const sound = await ready();
    expect(sound, sound.stdout).toMatchObject({ code: 0 });

    await handOver(2);
    const gap = (await segments()).at(-2) ?? "";
    await fork.root("backup1", `rm ${archive}/log/*/${gap}`);
    expect(await ready()).toMatchObject({ code: 1, stdout: expect.stringContaining(`${gap.slice(0, 24)} is missing`) });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a log that does not arrive is late, and one of a database in which nobody works is not", async () => {
  await beat();
  expect(await checked("--minutes=1")).toMatchObject({ code: 0 });
  await fork.root("backup1", "mv /etc/ssh/authorized_keys/backup /etc/ssh/authorized_keys/away");
  const late = async () => (await checked("--minutes=1")).told.some((line) => line.startsWith("late log "));
  await eventually(late);
  await fork.root("backup1", "mv /etc/ssh/authorized_keys/away /etc/ssh/authorized_keys/backup");
  // Nothing but the timer writes.
  await eventually(async () => (await checked("--minutes=3")).code === 0);
});

test("a base backup that is spoilt or was never restored is passed over, with the reason", async () => {
  const [base = ""] = (await fork.root("backup1", `ls ${archive}/base`)).trim().split("\n");
  await fork.root(
    "backup1",
    `cd ${archive}/base; cp -a ${base} 2999-01-01T00-00-00Z
    at=$(($(stat -c %s ${base}/base.tar.gz) / 2))
    byte=$(od -An -tu1 -j "$at" -N 1 ${base}/base.tar.gz)
    printf "\\\\x$(printf %x "$((byte ^ 1))")" | dd of=2999-01-01T00-00-00Z/base.tar.gz bs=1 seek="$at" conv=notrunc status=none`,
  );
  const [spoilt] = (await checked()).told;
  expect(spoilt).toMatch(/^fresh base \S+ \d+ 2999-01-01T00-00-00Z: base\.tar\.gz is not what was made$/u);

  await fork.root("backup1", `cd ${archive}/base; cp ${base}/base.tar.gz 2999*/; rm 2999*/proven`);
  const unproven = await checked();
  expect(unproven.code).toBe(1);
  expect(unproven.told[0]).toMatch(
    /^unproven base \S+ \d+ 2999-01-01T00-00-00Z: nothing says that it was ever restored$/u,
  );

  await fork.root("backup1", `cd ${archive}/base; rm -r 2999*; rm ${base}/MANIFEST`);
  expect((await checked()).told).toEqual([
    expect.stringMatching(/^missing base - - .*: it was never finished$/u),
    "missing log - - there is no base backup that it could be replayed on",
  ]);
});

test("a heartbeat that falls into a stop of PostgreSQL lets it stop, and is left out", async () => {
  // To stop takes a while where the log cannot be handed over.
  await fork.root("backup1", "mv /etc/ssh/authorized_keys/backup /etc/ssh/authorized_keys/away");
  await fill(1);
  await fork.root(
    "db1",
    `systemctl stop postgresql & stopping=$!
    until [ "$(systemctl is-active postgresql || true)" = deactivating ]; do :; done
    systemctl start log-heartbeat.service
    wait "$stopping"
    [ "$(systemctl is-active postgresql || true)" = inactive ]
    [ "$(systemctl is-failed log-heartbeat.service || true)" = inactive ]`,
  );
});
