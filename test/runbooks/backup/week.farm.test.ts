import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import blaze from "../../../runbooks/backup/blaze.ts";
import checkRepository from "../../../runbooks/backup/check-repository.ts";
import checkSets from "../../../runbooks/backup/check-sets.ts";
import lostRepository from "../../../runbooks/backup/lost-repository.drill.ts";
import recoverAuthority from "../../../runbooks/backup/recover-authority.ts";
import restoreFiles from "../../../runbooks/backup/restore-files.ts";
import wildfire from "../../../runbooks/backup/wildfire.ts";
import { drillFarm, type DrillFarm, type ForkedFarm } from "../../support/drill-farm.ts";
import { runScript } from "../../support/vault-farm.ts";

let farm: DrillFarm;
let fork: ForkedFarm;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "week-"));
  farm = await drillFarm(lostRepository, {
    also: [blaze, wildfire, restoreFiles, recoverAuthority, checkSets, checkRepository],
  });
  fork = await farm.fork();
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function run(script: string, ...args: readonly string[]): Promise<void> {
  const { code, said } = await runScript(fork, script, ...args);
  expect(code, said).toBe(0);
}

/** Waits until another second has begun, and says which. */
const nextSecond = `
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  until [ "$(date -u +%Y-%m-%dT%H:%M:%SZ)" != "$now" ]; do sleep 0.05; done
  date -u +%Y-%m-%dT%H:%M:%SZ`;

/** A day of the farm: builds come and go, a repository is made anew, settings are edited, a certificate is issued. */
async function live(day: number): Promise<void> {
  await Promise.all([
    fork.root(
      "chile",
      `cd /mnt/koji
      for n in {1..8}; do
        at=packages/kernel/3.${day}/$n/armv7hl
        mkdir -p $at data/logs
        head -c $((RANDOM + 5000)) /dev/urandom > $at/kernel-3.${day}-$n.armv7hl.rpm
      done
      rm -rf packages/hello/1.0/${day}
      mkdir -p repos/f17-build/${day + 2}/armv7hl/repodata
      echo '<repomd>${day + 2}</repomd>' > repos/f17-build/${day + 2}/armv7hl/repodata/repomd.xml
      ln -sfn ${day + 2} repos/f17-build/latest
      rm -rf repos/f17-build/${day}
      chown -R -h apache:apache packages repos`,
    ),
    fork.root(
      "hongkong",
      `echo '# day ${day}' >> /etc/httpd/conf/a.conf; echo "MaxClients=${day}" > /etc/httpd/conf.d/day-${day}.conf
      rm -f /etc/httpd/conf.d/day-${day - 2}.conf
      koji-ca issue builder-${day} > /dev/null 2>&1`,
    ),
  ]);
}

/** What the farm is, of all that comes back: the store's files and links with their contents, the settings, what was issued. */
async function is(): Promise<readonly string[]> {
  const facts = `-printf '%y %m %u:%g %Ts %p %l\\n' | sort; find . -type f ! -path './ledger/*' -print0 | sort -z | xargs -0 sha256sum`;
  return Promise.all([
    fork.root("chile", `cd /mnt/koji/packages; find . ! -type d ! -path './ledger/*' ${facts}`),
    fork.root("chile", `cd /mnt/koji/repos; find . ! -type d ${facts}`),
    fork.root("hongkong", `cd /etc/httpd; find . ! -type d ${facts}`),
    fork.root("hongkong", "cut -f 4,6 /etc/pki/koji/index.txt"),
  ]);
}

test("after a week of nights, between which the farm lives on, any of them can be brought back as it was", async () => {
  const nights: { readonly was: readonly string[]; readonly after: string }[] = [];
  for (let day = 1; day <= 7; day++) {
    await live(day);
    const was = await is();
    await run("blaze.mjs", "--server=hongkong");
    await run("wildfire.mjs", "--server=hongkong", "--holder=iraq", "--answer=pass-the-change-on=yes");
    await run("copy-repository.mjs", "--server=chile", "--holder=iraq", "--answer=pass-the-change-on=yes");
    // A generation is chosen by the second that it began in: the next moment is one in which none has.
    const after = (await fork.root("iraq", nextSecond)).trim();
    nights.push({ was, after });
  }
  await run("check-sets.mjs", "--server=hongkong", "--holder=iraq");
  await run("check-repository.mjs", "--server=chile", "--holder=iraq");

  const key = join(folder, "escrow.key");
  await writeFile(key, await fork.root("bastion", "cat /var/lib/farm-client/escrow/escrow.key"), { mode: 0o600 });
  for (const [index, { was, after }] of [...nights.entries()].toReversed()) {
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
    await run(
      "restore-repository.mjs",
      "--server=chile",
      "--holder=iraq",
      `--before=${after}`,
      "--answer=bring-this-copy-back=yes",
      "--answer=switch-to-it=chile repository",
    );
    expect(await is(), `night ${index + 1}`).toEqual(was);
  }
});
