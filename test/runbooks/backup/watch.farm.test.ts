import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Watched } from "../../../runner/cli/watch/copies.ts";
import { drillbook } from "../../runner/cli/drillbook.ts";
import { runScript, vaultFarm, type ForkedFarm, type VaultFarm } from "../../support/vault-farm.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
let farm: VaultFarm;
let fork: ForkedFarm;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watch-"));
  farm = await vaultFarm();
  fork = await farm.fork();
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test("a set that has shrunk, and servers of which nothing arrives: the watch of the real schedule wakes somebody", async () => {
  await fork.root(
    "iraq",
    `cd /archive/blaze-backup/hongkong
    newest=$(echo hongkong-manifest-*)
    manifest=hongkong-manifest-Feb-29-2012
    file=hongkong-etc-Feb-29-2012.tar.bz2
    echo 'hardly anything' > "$file"
    sed "s/^begun .*/begun $(date -u +%Y-%m-%dT%H:%M:%SZ)/; s/^set etc .*/set etc $file $(stat -c %s $file) $(sha256sum < $file | cut -d ' ' -f 1) 1/" "$newest" | sed "/^seal /d" > "$manifest"
    echo "seal $(sha256sum < "$manifest" | cut -d ' ' -f 1)" >> "$manifest"`,
  );
  const binding = join(folder, "binding.json");
  await writeFile(binding, JSON.stringify(await fork.world.binding()));
  const alarm = `printf %s "$DRILLBOOK_MESSAGE" > ${folder}/told`;
  const { code, stdout } = await drillbook(
    root,
    "watch",
    "servers-nightly",
    "--binding",
    binding,
    "--json",
    "--alarm",
    alarm,
  );
  const found = JSON.parse(stdout) as Watched;
  const wrong = found.copies
    .filter(({ state }) => state !== "fresh")
    .map(({ params, set, state }) => `${params["server"]} ${set} ${state}`);
  expect({ code, wrong }).toEqual({
    code: 1,
    wrong: ["hongkong etc shrunken", "ireland base missing", "ireland log missing"],
  });
  // Of ireland, chile and iraq there is nothing; australia is no host of this farm.
  const silent = found.unanswered.map(({ params }) => params["server"]);
  expect(new Set(silent)).toEqual(new Set(["australia", "chile", "iraq", "ireland"]));
  expect(await readFile(join(folder, "told"), "utf8")).toMatch(
    /^wrong; check-sets hongkong iraq: etc shrunken; .*no answer/u,
  );
});

test("a dump that nobody restored is told of, and no retention takes one that is not older than the newest that was", async () => {
  // Only manifests and bytes are read here: a dump need not be one.
  await fork.root(
    "iraq",
    `cd /archive/blaze-backup/hongkong
    dump() {
      mkdir "hongkong-pgdump-$1"
      echo "$1" > "hongkong-pgdump-$1/database.dump"
      (
        cd "hongkong-pgdump-$1"
        printf 'begun %s\nnewest %s\nfile database.dump %s %s\n' "$2" "$2" "$(stat -c %s database.dump)" \
          "$(sha256sum < database.dump | cut -d ' ' -f 1)" > MANIFEST
        [ -z "$3" ] || echo "proven $3" >> MANIFEST
        echo "seal $(sha256sum < MANIFEST | cut -d ' ' -f 1)" >> MANIFEST
      )
    }
    dump Mar-28-2012.031000Z 2012-03-28T03:10:00Z 2012-03-28T03:12:00Z
    dump Apr-01-2012.031000Z 2012-04-01T03:10:00Z 2012-04-01T03:12:00Z
    dump Apr-02-2012.031000Z 2012-04-02T03:10:00Z 2012-04-02T03:12:00Z
    echo rot > hongkong-pgdump-Apr-02-2012.031000Z/database.dump
    dump Apr-03-2012.031000Z 2012-04-03T03:10:00Z ''
    now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    dump Today.031000Z "$now" ''`,
  );
  expect((await runScript(fork, "check-sets.mjs", "--server=hongkong", "--holder=iraq")).said).toMatch(
    /unproven pgdump 20\d\d-/u,
  );
  const { code, said } = await runScript(fork, "prune-sets.mjs", "--holder=iraq", "--server=hongkong");
  expect(code, said).toBe(0);
  const left = await fork.root(
    "iraq",
    `cd /archive/blaze-backup/hongkong; ls -d hongkong-pgdump-* .going-* 2> /dev/null || true`,
  );
  expect(left.trim().split("\n")).toEqual(
    ["Apr-01-2012", "Apr-02-2012", "Apr-03-2012", "Today"].map((day) => `hongkong-pgdump-${day}.031000Z`),
  );
});
