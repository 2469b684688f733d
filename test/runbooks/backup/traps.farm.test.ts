import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operatorOf, runScript, vaultFarm, type ForkedFarm, type VaultFarm } from "../../support/vault-farm.ts";

const hongkong = "/archive/blaze-backup/hongkong";
const reseal = `sed -i '/^seal /d' "$manifest"; echo "seal $(sha256sum < "$manifest" | cut -d ' ' -f 1)" >> "$manifest"`;

/** The manifests of a folder with the moment in each, oldest first: the last word of a line is the file's name. */
const byMoment = "grep -H '^begun ' hongkong-manifest-* | sed 's/^\\(.*\\):begun \\(.*\\)/\\2 \\1/' | sort";

let farm: VaultFarm;
let fork: ForkedFarm;
let operator: ReturnType<typeof operatorOf>;

beforeAll(async () => {
  farm = await vaultFarm();
  fork = await farm.fork();
  operator = operatorOf(fork);
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
});

const run = (script: string, ...args: readonly string[]) => operator(script, ...args);
const blaze = () => run("blaze.mjs", "--server=hongkong");
const wildfire = (holder: string, ...more: readonly string[]) =>
  run("wildfire.mjs", "--server=hongkong", `--holder=${holder}`, ...more);
const check = (...more: readonly string[]) =>
  runScript(fork, "check-sets.mjs", "--server=hongkong", "--holder=iraq", ...more);

/** What a restore would choose from. */
async function lookFor(set: string, ...more: readonly string[]): Promise<string> {
  const looking = ["--plan", "--server=hongkong", `--set=${set}`, `--folder=${folders[set] ?? ""}`, ...more];
  const { code, said } = await runScript(fork, "restore-files.mjs", ...looking);
  expect(code, said).toBe(0);
  return said;
}

const folders: Readonly<Record<string, string>> = { etc: "/etc/httpd", cron: "/var/spool/cron" };

/** The manifest of the newest generation in a host's archive. */
const newestManifest = (host: string) =>
  fork.root(host, `cd ${hongkong}; cat "$(${byMoment} | tail -n 1 | cut -d ' ' -f 2)"`);

/** A program that stands in for another one, as far as one set is concerned, until it is taken away. */
async function standIn(program: string, text: string): Promise<AsyncDisposable> {
  const path = `/usr/local/sbin/${program}`;
  await fork.root("hongkong", `cat > ${path} <<'END'\n#!/bin/bash\n${text}\nEND\nchmod +x ${path}`);
  return { [Symbol.asyncDispose]: async () => void (await fork.root("hongkong", `rm ${path}`)) };
}

test("no secret is in a set that anyone can read, and the sealed ones name both recipients", async () => {
  // A mark outside of /etc, one that names a link, a key that nobody marked, and what a recovery set aside.
  await fork.root(
    "hongkong",
    `printf '%s\\n' '/usr/local/bin/*-password' /etc/linked >> /etc/blaze/secrets
    echo 'battery staple' > /usr/local/bin/archive-password
    echo 'battery staple' > /etc/koji-hub/linked-to
    ln -s koji-hub/linked-to /etc/linked
    openssl genpkey -algorithm ed25519 -out /etc/httpd/sites/site.key
    cp -a /etc/koji-hub /etc/koji-hub.before-2012-03-28T19-44-00Z`,
  );
  const made = await blaze();
  expect(made, made.said).toMatchObject({ code: 0, said: expect.not.stringMatching(/missing [a-z]/u) });
  const found = await fork.root(
    "hongkong",
    `cd ${hongkong}
    for set in *.tar.bz2; do tar -xOf "$set"; done | grep -caE 'correct horse|battery staple|PRIVATE KEY' || true
    for set in *.tar.bz2; do tar -tf "$set"; done | grep -c before-2012 || true
    cat hongkong-manifest-* | grep -caE 'correct horse|battery staple' || true
    sed -n '/^recipient/p' "$(ls hongkong-manifest-* | head -n 1)" | wc -l
    grep -ac '^-> X25519' "$(ls hongkong-ca-* | head -n 1)"`,
  );
  // Three: the two recipients, and the key that was made for the proof and forgotten.
  expect(found).toBe("0\n0\n0\n2\n3\n");
  const sealed = (await newestManifest("hongkong")).match(/(?<=^entry secrets (?:[^ ]+ ){5}).*/gmu);
  expect(sealed).toEqual(
    expect.arrayContaining([
      "etc/httpd/sites/site.key",
      "etc/koji-hub/hub.conf",
      "etc/koji-hub/linked-to",
      "usr/local/bin/archive-password",
    ]),
  );
});

test("nothing is written where the archive is not mounted, on the server or at the holder", async () => {
  for (const [host, attempt] of [
    ["hongkong", blaze],
    ["ireland", () => wildfire("ireland")],
  ] as const) {
    await fork.root(host, "mv /archive/blaze-backup /archive/elsewhere");
    const told = await attempt();
    await fork.root(host, "[ ! -e /archive/blaze-backup ] && mv /archive/elsewhere /archive/blaze-backup");
    expect(told).toEqual({ code: 3, said: expect.stringContaining("/archive is mounted") });
  }
});

describe("blaze leaves out what is not whole, says why, and keeps the rest", () => {
  test("a file that changes while it is read, a producer that dies in a pipe, one that writes nothing and exits 0", async () => {
    // What stands in for tar: in one set it is killed half way, in another it does nothing and says that all is well; and
    // while it reads etc, somebody edits a file there.
    await using _ = await standIn(
      "tar",
      `case "$*" in
        *--create*paths/userlocalbin) head -c 3000 /dev/urandom; kill -9 $$ ;;
        *--create*paths/labels) exit 0 ;;
        *--create*paths/etc) /bin/tar "$@"; echo '# edited' >> /etc/httpd/conf/a.conf; exit 0 ;;
      esac
      exec /bin/tar "$@"`,
    );
    const made = await blaze();
    expect(made, made.said).toMatchObject({ code: 0, said: expect.stringContaining("missing etc it changed") });

    const manifest = await newestManifest("hongkong");
    expect(manifest).toMatch(/^missing etc it changed while it was read:.*etc\/httpd\/conf\/a\.conf/mu);
    expect(manifest).toMatch(/^missing userlocalbin .*exit status/mu);
    expect(manifest).toMatch(/^missing labels .*exit status/mu);
    expect(manifest.match(/^set \w+/gmu)).toEqual(["set ca", "set cron", "set packages", "set secrets"]);
    const generation = /^generation (.*)/mu.exec(manifest)?.[1] ?? "";
    expect(await fork.root("hongkong", `cd ${hongkong}; ls -d -- *-${generation}*; ls -A | grep making || true`)).toBe(
      ["ca", "cron", "manifest", "packages", "secrets"]
        .map((set) => `hongkong-${set}-${generation}${ending(set)}\n`)
        .join(""),
    );
  });

  test("a server of which nothing can be packed gets no generation, and keeps those that it has", async () => {
    const before = await fork.root("hongkong", `ls ${hongkong}`);
    await using _ = await standIn("bzip2", 'case "$*" in "") cat > /dev/null ;; *) exec /bin/bzip2 "$@" ;; esac');
    expect(await blaze()).toEqual({ code: 1, said: expect.stringContaining("not one set is whole") });
    expect(await fork.root("hongkong", `ls ${hongkong}`)).toBe(before);
  });
});

const ending = (set: string): string =>
  set === "manifest" ? "" : ["ca", "secrets"].includes(set) ? ".tar.bz2.age" : ".tar.bz2";

describe("a generation is chosen by its moment, set by set", () => {
  test("an etc that is a day older than its siblings is taken for etc, and only for etc", async () => {
    // The generation that the first test made has cron and no etc.
    expect(await wildfire("iraq")).toMatchObject({ code: 0 });
    const etc = await lookFor("etc");
    expect(etc).toMatch(/passed over, it has no etc: it changed while it was read/u);
    expect(etc).toMatch(/: whole/u);
    const cron = await lookFor("cron");
    expect(cron).toMatch(/: whole/u);
    expect(cron).not.toMatch(/passed over/u);
    // Late is told of each set, not of the server.
    expect(await check()).toEqual({
      code: 0,
      said: expect.stringMatching(/fresh etc [^\\]*it changed while it was read/u),
    });
    const late = await check("--hours=0");
    expect(late).toEqual({ code: 1, said: expect.stringMatching(/late etc \S+Z \d+/u) });

    // A clock that was wrong once must not hide for years that nothing arrives.
    const manifest = "hongkong-manifest-Jan-01-2031";
    await fork.root(
      "iraq",
      `cd ${hongkong}; manifest=${manifest}
      cp -- "$(grep -l '^set etc ' hongkong-manifest-* | head -n 1)" "$manifest"
      sed -i 's/^begun .*/begun 2031-01-01T00:00:00Z/' "$manifest"
      ${reseal}`,
    );
    expect(await check()).toEqual({
      code: 1,
      said: expect.stringContaining("ahead etc 2031-01-01T00:00:00Z"),
    });
    await fork.root("iraq", `rm ${hongkong}/${manifest}`);
  });

  test("April is newer than March, whatever sorting their names says", async () => {
    const [march, april] = ["Mar-28-2012", "Apr-01-2012"];
    await fork.root(
      "iraq",
      `cd ${hongkong}
      whole=$(grep -l '^set etc ' hongkong-manifest-* | head -n 1)
      for day in ${march}/2012-03-28 ${april}/2012-04-01; do
        manifest=hongkong-manifest-\${day%/*} was=\${whole#hongkong-manifest-}
        cp -- "$whole" "$manifest"
        cp -- "hongkong-etc-$was.tar.bz2" "hongkong-etc-\${day%/*}.tar.bz2"
        sed -i "s/^begun .*/begun \${day#*/}T03:10:00Z/; s/hongkong-etc-$was/hongkong-etc-\${day%/*}/; s/^generation .*/generation \${day%/*}/" "$manifest"
        ${reseal}
      done`,
    );
    const byName = await fork.root("iraq", `cd ${hongkong}; ls | grep -- '-manifest-.*-2012' | sort | tail -n 1`);
    expect(byName).toContain(march);
    const looked = await lookFor("etc", "--before=2012-05-01T00:00:00Z");
    expect(looked).toContain(`2012-04-01T03:10:00Z ${april}: whole`);
    expect(looked).not.toContain(`${march}: whole`);
  });
});

describe("wildfire alters nothing that a holder has", () => {
  const lastNight = () => fork.root("ireland", `cd ${hongkong}; sha256sum -- *`);

  test("a holder that fills up: refused before anything is sent, or stopped with nothing named", async () => {
    expect(await blaze()).toMatchObject({ code: 0 });
    const before = await lastNight();
    await fork.root("ireland", "mount -t tmpfs -o size=200k,mode=0750,uid=34,gid=34 tmpfs /archive/blaze-backup");
    expect(await wildfire("ireland")).toMatchObject({ code: 3 });
    // Room for every byte, and none for another file: it ends on the way.
    await fork.root(
      "ireland",
      "umount /archive/blaze-backup; mount -t tmpfs -o size=64m,nr_inodes=6,mode=0750,uid=34,gid=34 tmpfs /archive/blaze-backup",
    );
    const stopped = await wildfire("ireland");
    expect(stopped.code).toBe(1);
    expect(await fork.root("ireland", "find /archive/blaze-backup -name 'hongkong-*' -not -path '*/.incoming-*'")).toBe(
      "",
    );
    await fork.root("ireland", "umount /archive/blaze-backup");
    expect(await lastNight()).toBe(before);
    const again = await wildfire("ireland");
    expect(again, again.said).toMatchObject({ code: 0 });
  });

  test("neither a source with nothing in it nor a holder that is none of the server's is taken", async () => {
    const empty = await run("wildfire.mjs", "--server=ireland", "--holder=iraq");
    expect(empty).toMatchObject({
      code: 1,
      said: expect.stringContaining("no generation in /archive/blaze-backup/ireland"),
    });
    const stranger = await wildfire("chile");
    expect(stranger).toMatchObject({
      code: 1,
      said: expect.stringContaining("chile does not keep the sets of hongkong"),
    });
  });

  test("a mass deletion stops it until somebody has seen what is gone, also behind a night without that set", async () => {
    {
      await using _ = await standIn("tar", 'case "$*" in *--create*paths/etc) exit 1 ;; esac; exec /bin/tar "$@"');
      expect(await blaze()).toMatchObject({ code: 0, said: expect.stringContaining("missing etc") });
      // A set that was left out took nothing away.
      expect(await wildfire("ireland", "--threshold=3")).toMatchObject({ code: 0 });
    }
    await fork.root("hongkong", "rm -rf /etc/httpd/conf/[a-d].conf /etc/systemd/system/httpd.service.d");
    expect(await blaze()).toMatchObject({ code: 0 });
    // Nor does anything stay of runs that were given up.
    expect(await fork.root("hongkong", `ls -A ${hongkong} | grep making || true`)).toBe("");
    const held = await lastNight();
    const refused = await wildfire("ireland", "--threshold=3");
    expect(refused.code).not.toBe(0);
    expect(refused.said).toMatch(/gone etc etc\/httpd\/conf\/a\.conf/u);
    expect(await lastNight()).toBe(held);
    const passed = await wildfire("ireland", "--threshold=3", "--answer=pass-the-change-on=yes");
    expect(passed, passed.said).toMatchObject({ code: 0 });
  });

  test("a slow corruption is one more generation, and last night's can still be chosen", async () => {
    const held = await lastNight();
    const moment = new Date().toISOString().replace(/\.\d+Z$/u, "Z");
    // One byte, and the times set back: nothing that compares sizes and times would notice.
    await fork.root(
      "hongkong",
      `cd /etc/httpd/sites; touch -r private.conf /run/times
      printf x | dd of=private.conf bs=1 seek=3 conv=notrunc status=none; touch -r /run/times private.conf`,
    );
    expect(await blaze()).toMatchObject({ code: 0 });
    for (const holder of ["ireland", "iraq"]) expect(await wildfire(holder)).toMatchObject({ code: 0 });
    expect(await lastNight()).toContain(held.trim().split("\n").at(-1) ?? "");
    for (const line of held.trim().split("\n")) expect(await lastNight()).toContain(line);
    const looked = await lookFor("etc", `--before=${moment}`);
    expect(looked).toMatch(/passed over, it is not older than/u);
    expect(looked).toMatch(/: whole/u);
  });
});

describe("retention", () => {
  test("takes what is old, and never the newest that is whole", async () => {
    // Everything but March and April is of today, and all but April is spoilt: what is newest is not what is whole.
    await fork.root(
      "iraq",
      `cd ${hongkong}
      for set in hongkong-etc-*; do
        case $set in *-2012.*) ;; *) truncate -s -1 -- "$set" ;; esac
      done
      # What a server that is not to be trusted might say of an old set of its own.
      touch /archive/precious
      manifest=hongkong-manifest-Mar-28-2012
      echo "set etc ../../precious 0 none 1" >> "$manifest"
      ${reseal}`,
    );
    const { code, said } = await run("prune-sets.mjs", "--holder=iraq", "--server=hongkong");
    expect(code, said).toBe(0);
    const left = await fork.root("iraq", `cd ${hongkong}; ls`);
    expect(left).toContain("hongkong-etc-Apr-01-2012.tar.bz2");
    expect(left).toContain("hongkong-manifest-Apr-01-2012");
    expect(left).not.toContain("Mar-28-2012");
    expect(await fork.root("iraq", "ls /archive")).toContain("precious");
    // A day has passed for none of today's, good or bad.
    expect(left.match(/^hongkong-etc-/gmu)?.length).toBeGreaterThan(1);
  });
});
