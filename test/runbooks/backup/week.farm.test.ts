import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Call } from "../../../dsl/drill.ts";
import blaze from "../../../runbooks/backup/blaze.ts";
import copyRepository from "../../../runbooks/backup/copy-repository.ts";
import recoverAuthority from "../../../runbooks/backup/recover-authority.ts";
import restoreFiles from "../../../runbooks/backup/restore-files.ts";
import restoreRepository from "../../../runbooks/backup/restore-repository.ts";
import night from "../../../runbooks/backup/servers-nightly.schedule.ts";
import wildfire from "../../../runbooks/backup/wildfire.ts";
import backUpDatabase from "../../../runbooks/koji/back-up-database.ts";
import { drillFarm } from "../../support/drill-farm.ts";
import { drill, makeSource, recovery, sql, type DrillFarm, type ForkedFarm } from "../../support/fedora-arm-farm.ts";
import { runScript } from "../../support/vault-farm.ts";

const days = 7;

let farm: DrillFarm;
let fork: ForkedFarm;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "week-"));
  const scheduled = new Set(night.options.calls.map(({ runbook }) => runbook));
  farm = await drillFarm(drill, { also: [...scheduled, restoreRepository, restoreFiles, recoverAuthority] });
  fork = await farm.fork();
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function run(script: string, ...args: readonly string[]): Promise<void> {
  const { code, said } = await runScript(fork, script, ...args);
  expect(code, `${script} ${args.join(" ")}\n${said.slice(-6000)}`).toBe(0);
}

/** Waits until another second has begun, and says which. */
const nextSecond = `
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  until [ "$(date -u +%Y-%m-%dT%H:%M:%SZ)" != "$now" ]; do sleep 0.05; done
  date -u +%Y-%m-%dT%H:%M:%SZ`;

/**
 * A day of the farm: a package is built and tagged, an older build is untagged and another deleted, a packager comes, the
 * builders' repository is made anew, settings are edited, a certificate is issued.
 */
async function live(day: number): Promise<void> {
  const source = await makeSource(fork, `day-${day}`, "head -c 20000 /dev/urandom > big");
  await Promise.all([
    fork.root(
      "bastion",
      `koji build f17-candidate ${source}
      koji tag-build f17 day-${day}-1-1.fc17
      ${day > 2 ? `koji untag-build f17 day-${day - 2}-1-1.fc17` : ""}
      koji add-user packager-${day}
      koji regen-repo --wait f17-build`,
    ),
    fork.root(
      "hongkong",
      `cd /etc/httpd/conf.d
      echo '# day ${day}' >> kojihub.conf; echo "# MaxClients ${day}" > day-${day}.conf; rm -f day-${day - 2}.conf
      koji-ca issue builder-${day} > /dev/null 2>&1`,
    ),
  ]);
}

/** What the hub knows of builds, tags and people. Tasks of cleaning up, sessions and who checked in last are no part of it. */
const tables = [
  ["build", "package", "rpminfo", "rpmsigs", "rpm_checksum", "users", "user_perms", "permissions"],
  ["tag", "tag_config", "tag_inheritance", "tag_listing", "tag_packages", "tag_package_owners"],
  ["build_target", "build_target_config", "group_config", "group_package_listing", "group_req_listing"],
].flat();

/** What the farm is, of all that comes back: database, store with contents, settings, what was issued. */
async function is(): Promise<readonly string[]> {
  const facts = `-printf '%y %m %u:%g %Ts %p %l\\n' | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum`;
  const rows = tables.map((table) => `select '${table} ' || t from ${table} t order by 1;`);
  const built = "select 'task ' || t.id || ' ' || t.state from task t join build b on b.task_id = t.id order by 1;";
  return Promise.all([
    sql(fork, [...rows, built].join("\n")),
    fork.root("chile", `cd /mnt/koji/packages; find . ! -type d ${facts}`),
    fork.root("hongkong", `cd /etc/httpd; find . ! -type d ${facts}`),
    fork.root("hongkong", "cut -f 4,6 /etc/pki/koji/index.txt"),
  ]);
}

/** What is made of it: all of that, and no more, for those who restore it. */
const nightly: readonly Call[] = [
  { runbook: backUpDatabase, params: { database: "koji" } },
  { runbook: blaze, params: { server: "hongkong" } },
  { runbook: wildfire, params: { server: "hongkong", holder: "iraq" } },
  { runbook: copyRepository, params: { server: "chile", holder: "iraq" } },
];

/** Runs calls as the timer does, but for the decisions, which the test's own changes need. */
async function runNight(calls: readonly Call[]): Promise<void> {
  for (const { runbook, params = {} } of calls) {
    const named = Object.entries(params).map(([name, value]) => `--${name}=${value}`);
    await run(`${runbook.plan.id}.mjs`, ...named);
  }
}

test("after a week of nights, between which the farm builds on, any of them can be brought back as it was", async () => {
  await run("keep-log.mjs", "--server=ireland", "--holder=iraq", "--answer=postgresql-may-restart=yes");
  const nights: { readonly was: readonly string[]; readonly after: string }[] = [];
  for (let day = 1; day <= days; day++) {
    await live(day);
    const was = await is();
    await runNight(day < days ? nightly : night.options.calls);
    // A generation is chosen by the second that it began in: the next moment is one in which none has.
    const after = (await fork.root("iraq", nextSecond)).trim();
    nights.push({ was, after });
  }

  const key = join(folder, "escrow.key");
  await writeFile(key, await fork.world.secret("age-key"), { mode: 0o600 });
  for (const [index, { was, after }] of [...nights.entries()].toReversed()) {
    // The store first: a build that lies there and is younger than the dump would be reconciled with it.
    await run(
      "restore-repository.mjs",
      "--server=chile",
      "--holder=iraq",
      `--before=${after}`,
      "--answer=bring-this-copy-back=yes",
      "--answer=switch-to-it=chile repository",
    );
    await run(
      "restore-files.mjs",
      "--server=hongkong",
      "--set=etc",
      "--folder=/etc/httpd",
      "--unit=httpd.service",
      `--before=${after}`,
      "--answer=put-these-files-in-their-place=yes",
      "--answer=put-them-in-their-place=hongkong configuration",
    );
    await run(
      "recover-authority.mjs",
      "--server=hongkong",
      `--before=${after}`,
      `--secret=age-key=${key}`,
      "--answer=put-this-authority-in-its-place=yes",
      "--answer=put-the-authority-in-its-place=hongkong certificate-authority",
    );
    await run("recover-database.mjs", `--before=${after}`, ...recovery);
    expect(await is(), `night ${index + 1}`).toEqual(was);
    for (const probe of ["hub-answers", "store-and-hub-agree"])
      expect(await fork.world.probe(probe), `${probe} after night ${index + 1}`).toMatchObject({ answer: "yes" });
  }
  // Seven recoveries later it is a farm that builds.
  expect(await fork.world.probe("new-build-goes-through")).toMatchObject({ answer: "yes" });
}, 3_600_000);
