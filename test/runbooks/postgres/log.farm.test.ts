import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { logFarm, recoveryByLog, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";
import { archive, logOf } from "../../support/postgres-log.ts";
import { operatorOf, runScript } from "../../support/vault-farm.ts";

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

const { ask, segments, fill, failures, waiting, handOver } = logOf(() => fork);

const recover = (...more: readonly string[]) => runScript(fork, "recover-to-moment.mjs", ...recoveryByLog, ...more);

/** The server's moment, to a second that is over: what is done from now on is later than it. */
const moment = (): Promise<string> =>
  ask(`select pg_sleep(1.1) \\g /dev/null
    select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), pg_sleep(1.1)`).then(
    (said) => said.split("|")[0] ?? "",
  );

test("a segment that the holder has is taken again when it is the same, and refused when it is another", async () => {
  const [segment = ""] = await segments();
  const again = (alter: string) =>
    fork
      .root(
        "db1",
        `cd /var/lib/pgsql/data
        rsync -t "backup1:postgres/db1/log/$(pg_controldata . | sed -n 's/^Database system identifier: *//p')/${segment}" /tmp/
        gzip -df /tmp/${segment}
        ${alter}
        chmod 0644 /tmp/${segment.slice(0, 24)}
        runuser -u postgres -- /usr/local/bin/archive-log backup1 /tmp/${segment.slice(0, 24)} ${segment.slice(0, 24)}`,
      )
      .catch(String);
  const held = () => fork.root("backup1", `sha256sum ${archive}/log/*/${segment}`);
  const before = await held();
  expect(await again("true")).toBe("");
  expect(await again(`echo other >> /tmp/${segment.slice(0, 24)}`)).toContain(
    `refused: the holder has another ${segment.slice(0, 24)}`,
  );
  expect(await held()).toBe(before);
});

test("while the holder turns it away the server keeps its log, and hands it over without a gap afterwards", async () => {
  await fork.root("backup1", "mv /etc/ssh/authorized_keys/backup /etc/ssh/authorized_keys/away");
  const before = await failures();
  await fill(3);
  await eventually(async () => (await failures()) > before);
  expect(await waiting()).toBeGreaterThanOrEqual(3);
  const held = await segments();

  await fork.root("backup1", "mv /etc/ssh/authorized_keys/away /etc/ssh/authorized_keys/backup");
  // A new segment is what has it try again, before its minute is over.
  await handOver(1);
  expect((await segments()).length).toBeGreaterThanOrEqual(held.length + 3);
  const looked = await recover("--plan");
  expect(looked, looked.said).toMatchObject({ code: 0, said: expect.stringContaining("without a gap") });
});

test("a table that was dropped comes back, and a later moment is found on the timeline before", async () => {
  const before = await moment();
  await ask("drop table orders cascade");
  const dropped = await moment();
  await ask("insert into heartbeat default values");

  const back = await recover(`--moment=${before}`);
  expect(back, back.said).toMatchObject({ code: 0 });
  expect(await fork.world.probe("objects-are-whole")).toMatchObject({ answer: "yes" });
  expect(await fork.world.probe("data-is-whole")).toMatchObject({ answer: "yes" });

  // One of the timeline that the second recovery leaves: it leads to nothing that comes after it.
  const based = await runScript(fork, "back-up-cluster.mjs", "--server=db1", "--holder=backup1");
  expect(based, based.said).toMatchObject({ code: 0 });

  const again = await recover(`--moment=${dropped}`, "--timeline=1");
  expect(again, again.said).toMatchObject({ code: 0 });
  expect(await ask("select to_regclass('orders') is null")).toBe("t");

  // The newest timeline is that of the second recovery now: what was done on it comes back with it.
  await ask("create table told as select 'after the second' as what");
  await handOver(1);
  const newest = await recover();
  expect(newest, newest.said).toMatchObject({ code: 0 });
  expect(await ask("select what from told")).toBe("after the second");
  expect(newest.said).toContain("the timeline that is wanted does not come from its own");
});

test("what was not handed over comes back where the files are spoilt and the log beside them is not", async () => {
  await ask("create table told as select 'in the last second' as what");
  await fork.root(
    "db1",
    "systemctl kill --signal=KILL postgresql; until ! pgrep -u postgres -x postgres; do :; done; rm -r /var/lib/pgsql/data/base",
  );
  const back = await recover();
  expect(back, back.said).toMatchObject({ code: 0 });
  expect(await ask("select what from told")).toBe("in the last second");
});

test("a gap in the log is refused by name, before the server is touched, but for a moment before it", async () => {
  await handOver(3);
  const held = await segments();
  const gap = held.at(-2) ?? "";
  await fork.root("backup1", `rm ${archive}/log/*/${gap}`);

  const refused = await recover();
  expect(refused.code, refused.said).toBe(1);
  expect(refused.said).toContain(`${gap.slice(0, 24)} is missing`);
  expect(await ask("select 'there'")).toBe("there");

  const finished = await fork.root("backup1", `sed -n 's/^finished //p' ${archive}/base/*/MANIFEST`);
  const soon = new Date(Date.parse(finished.trim()) + 1000).toISOString().replace(/\.\d+Z$/u, "Z");
  const earlier = await recover("--plan", `--moment=${soon}`);
  expect(earlier, earlier.said).toMatchObject({ code: 0 });
});

test("the newest base backup that is proven and whole stays, with all the log it needs", async () => {
  const all = await segments();
  const [base = ""] = (await fork.root("backup1", `ls ${archive}/base`)).trim().split("\n");
  const first = (await fork.root("backup1", `sed -n 's/^first-segment //p' ${archive}/base/${base}/MANIFEST`)).trim();
  const needed = all.filter((segment) => segment.slice(0, 24) >= first);
  expect(needed.length).toBeLessThan(all.length);
  // One that is old and proven, and one that is newer than all and is not proven.
  const [old, unproven] = ["2020-01-01T00-00-00Z", "2999-01-01T00-00-00Z"];
  await fork.root(
    "backup1",
    `cd ${archive}/base; cp -a ${base} ${old}; cp -a ${base} ${unproven}; rm ${unproven}/proven
    cp -a ${base} before; printf x | dd of=${base}/base.tar.gz bs=1 seek=1000 conv=notrunc status=none`,
  );
  const prune = () => runScript(fork, "prune-log.mjs", "--holder=backup1", "--server=db1", "--days=0");

  const spoilt = await prune();
  expect(spoilt, spoilt.said).toMatchObject({ code: 0 });
  // The proof of the spoilt one counts for nothing: the old one is the newest that is proven.
  expect((await fork.root("backup1", `ls ${archive}/base`)).trim().split("\n")).toEqual([
    old,
    base,
    unproven,
    "before",
  ]);

  await fork.root("backup1", `cd ${archive}/base; rm -r ${base}; mv before ${base}`);
  const pruned = await prune();
  expect(pruned, pruned.said).toMatchObject({ code: 0 });
  expect((await fork.root("backup1", `ls ${archive}/base`)).trim().split("\n")).toEqual([base, unproven]);
  // One more may have arrived meanwhile.
  expect((await segments()).filter((segment) => all.includes(segment))).toEqual(needed);

  const back = await recover();
  expect(back, back.said).toMatchObject({ code: 0 });
  expect(await fork.world.probe("archived-writes-are-there")).toMatchObject({ answer: "yes" });
});

test("a base backup with an altered file gets no name, and the next one is made as if nothing had been", async () => {
  const names = () => fork.root("backup1", `ls ${archive}/base`);
  const before = await names();
  await fork.root(
    "db1",
    `cat > /usr/local/bin/pg_basebackup <<'END'
#!/bin/bash
set -e
/usr/bin/pg_basebackup "$@"
mkdir altered
tar -xf base.tar.gz -C altered
printf x | dd of=altered/base/1/1259 bs=1 seek=9000 conv=notrunc status=none
(cd altered; tar -czf ../base.tar.gz -- *)
rm -r altered
END
    chmod +x /usr/local/bin/pg_basebackup`,
  );
  const operator = operatorOf(fork);
  const spoilt = await operator("back-up-cluster.mjs", "--server=db1", "--holder=backup1");
  expect(spoilt.code, spoilt.said).toBe(1);
  expect(spoilt.said).toMatch(/base\/1\/1259/u);
  expect(await names()).toBe(before);

  await fork.root("db1", "rm /usr/local/bin/pg_basebackup");
  const good = await operator("back-up-cluster.mjs", "--server=db1", "--holder=backup1");
  expect(good, good.said).toMatchObject({ code: 0 });
  expect((await names()).trim().split("\n").length).toBe(before.trim().split("\n").length + 1);
});
