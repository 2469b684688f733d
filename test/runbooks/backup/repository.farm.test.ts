import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operatorOf, repositoryFarm, type ForkedFarm, type Told, type VaultFarm } from "../../support/vault-farm.ts";

const rpm = (n: number): string => `packages/hello/1.0/${n}/armv7hl/hello-1.0-${n}.armv7hl.rpm`;

let farm: VaultFarm;
let fork: ForkedFarm;
let run: ReturnType<typeof operatorOf>;

beforeAll(async () => {
  farm = await repositoryFarm();
  fork = await farm.fork();
  run = operatorOf(fork);
});
afterAll(async () => {
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
});

/** Of what is unchanged next to nothing is read again, unless a test asks for it. */
const copy = (...more: readonly string[]): Promise<Told> =>
  run(
    "copy-repository.mjs",
    "--server=chile",
    "--holder=iraq",
    ...(more.join().includes("--nights") ? [] : [seldom]),
    ...more,
  );
const seldom = "--nights=99999999";
const everything = "--nights=1";

const store = (text: string): Promise<string> => fork.root("chile", `cd /mnt/koji\n${text}`);
const copies = (text: string): Promise<string> => fork.root("iraq", `cd /archive/repo-backup\n${text}`);

/** The names of the generations that iraq holds, oldest first. */
async function generations(): Promise<string[]> {
  const byMoment =
    "grep -m 1 -H '^begun ' chile-koji-manifest-* | sed 's/^chile-koji-manifest-\\(.*\\):begun \\(.*\\)/\\2 \\1/' | sort";
  return (await copies(`${byMoment} | cut -d ' ' -f 2`)).trim().split("\n");
}

/** Makes a copy, and gives its name. */
async function copied(...more: readonly string[]): Promise<string> {
  const told = await copy(...more);
  expect(told, told.said).toMatchObject({ code: 0 });
  return (await generations()).at(-1) ?? "";
}

const contents = (generation: string): Promise<string> =>
  copies(`cd chile-koji-${generation} && find . -type f -print0 | sort -z | xargs -0 sha256sum`);

/** Alters one byte, and sets the times back: nothing that compares sizes and times would notice. */
const rot = (path: string): string => `touch -r ${path} /run/times
  printf x | dd of=${path} bs=1 seek=700 conv=notrunc status=none; touch -r /run/times ${path}`;

/** All that is known of the store but the times of folders. */
const described = `export LC_ALL=C
  find . -path ./set-aside -prune -o -path './work/*' -prune -o ! -type d -printf '%y %m %u:%g %s %Ts %p %l\\n' \
    -o -printf '%y %m %u:%g %p\\n' | sort
  find . -path ./set-aside -prune -o -path './work/*' -prune -o -type f -print0 | sort -z | xargs -0 sha256sum`;

test("what has not changed is a link, is not sent, and takes no room", async () => {
  // The farm went on after its backup.
  const first = await copied();
  const second = await copied();
  const [rest = "", sent = "", bytes = ""] = (
    await copies(`
      both=$(du -scB1 chile-koji-${first} chile-koji-${second} | tail -n 1 | cut -f 1)
      alone=$(du -sB1 chile-koji-${first} | cut -f 1)
      folders=$(find chile-koji-${second} -type d -printf '%k\\n' | awk '{ sum += $1 * 1024 } END { print sum }')
      echo $((both - alone - folders))
      sed -n 's/^sent //p; s/^bytes //p' chile-koji-manifest-${second} | sort -n`)
  ).split("\n");
  expect(Number(rest)).toBeLessThanOrEqual(0);
  expect(Number(sent)).toBeLessThan(Number(bytes) / 20);
  expect(await contents(second)).toBe(await contents(first));
});

test("of work and scratch only the folders go along, and a file that nobody else may read keeps its mode in the manifest", async () => {
  const newest = (await generations()).at(-1) ?? "";
  expect(await copies(`cd chile-koji-${newest}; find work scratch`)).toBe("work\nscratch\n");
  expect(await copies(`grep -P '^entry packages/hello/1.0/1/notes\\t' chile-koji-manifest-${newest}`)).toMatch(
    /\tf\t640\tapache:apache\t8\t\d+\t[0-9a-f]{64}\n/u,
  );
});

describe("nothing is copied from, or to, a place that is not mounted", () => {
  test("an empty mount point is refused, and one with phantom files in it wants a decision", async () => {
    const before = await generations();
    await fork.root("chile", "mount -t tmpfs tmpfs /mnt/koji");
    const empty = await copy();
    await store("mkdir -p packages/new; echo phantom > packages/new/file");
    const phantom = await copy("--threshold=100000");
    await fork.root("chile", "umount /mnt/koji");
    expect(empty).toMatchObject({ code: 3, said: expect.stringContaining("the store is mounted") });
    expect(phantom.code).not.toBe(0);
    expect(phantom.said).toMatch(/lies on another file system: tmpfs/u);
    expect(await generations()).toEqual(before);
  });

  test("the holder's archive", async () => {
    await fork.root("iraq", "mv /archive/repo-backup /archive/elsewhere");
    const told = await copy();
    await fork.root("iraq", "[ ! -e /archive/repo-backup ] && mv /archive/elsewhere /archive/repo-backup");
    expect(told).toMatchObject({ code: 3, said: expect.stringContaining("/archive is mounted") });
  });

  test("a holder that is none of the server's", async () => {
    const stranger = await run("copy-repository.mjs", "--server=chile", "--holder=hongkong");
    expect(stranger).toMatchObject({ code: 1, said: expect.stringContaining("does not keep the repository") });
  });
});

test("a holder that fills up on the way names nothing, and the next run goes on", async () => {
  const before = await generations();
  const lastNight = await contents(before.at(-1) ?? "");
  const mount = (options: string) =>
    fork.root("iraq", `mount -t tmpfs -o ${options},mode=0750,uid=34,gid=34 tmpfs /archive/repo-backup`);
  await mount("size=500k");
  expect(await copy()).toMatchObject({ code: 3, said: expect.stringContaining("the size free") });
  // Room for every byte, and not for every file.
  await fork.root("iraq", "umount /archive/repo-backup");
  await mount("size=64m,nr_inodes=100");
  const stopped = await copy();
  const named = await copies("find . -maxdepth 1 -name 'chile-*'");
  await fork.root("iraq", "umount /archive/repo-backup");
  expect(stopped).toMatchObject({ code: 1, said: expect.stringContaining("No space left on device") });
  expect(named).toBe("");
  expect(await generations()).toEqual(before);
  expect(await contents(before.at(-1) ?? "")).toBe(lastNight);
  await copied();
  expect(await copies("ls -A | grep incoming || true")).toBe("");
});

describe("what is damaged without a change of size or time", () => {
  const victim = rpm(7);

  test("at the source: no copy takes it over, and the night that reads it names it until it is mended", async () => {
    const [lastNight = ""] = (await generations()).slice(-1);
    const good = await contents(lastNight);
    await store(`cp -a ${victim} /run/whole; ${rot(victim)}`);

    const unseen = await copied();
    expect(await contents(unseen)).toBe(good);

    const seen = await copy(everything);
    expect(seen).toMatchObject({ code: 1, said: expect.stringContaining(`source-altered ${victim}`) });
    expect(seen.said).not.toContain("copy-altered");
    const [told = ""] = (await generations()).slice(-1);
    expect(await contents(told)).toBe(good);
    expect(await contents(lastNight)).toBe(good);

    expect(await copy()).toMatchObject({ code: 1, said: expect.stringContaining(`source-altered ${victim}`) });
    await store(`cp -a /run/whole ${victim}`);
    await copied();
  });

  test("in the copies: it is sent afresh, and the older ones are not written to", async () => {
    const [lastNight = ""] = (await generations()).slice(-1);
    const good = await contents(lastNight);
    await copies(`cd chile-koji-${lastNight}; ${rot(victim)}`);
    const bad = await contents(lastNight);
    expect(bad).not.toBe(good);

    const seen = await copy(everything);
    expect(seen).toMatchObject({ code: 1, said: expect.stringContaining(`copy-altered ${victim}`) });
    expect(seen.said).not.toContain("source-altered");
    const [mended = ""] = (await generations()).slice(-1);
    expect(await contents(mended)).toBe(good);
    expect(await contents(lastNight)).toBe(bad);
    await copied(everything);
  });

  test("in both: it is left out, and told", async () => {
    const [lastNight = ""] = (await generations()).slice(-1);
    await copies(`cd chile-koji-${lastNight}; ${rot(victim)}`);
    await store(rot(victim));
    const seen = await copy(everything);
    expect(seen).toMatchObject({ code: 1, said: expect.stringContaining(`both-altered ${victim}`) });
    const [without = ""] = (await generations()).slice(-1);
    expect(await copies(`ls chile-koji-${without}/${victim} 2>&1 || true`)).toContain("No such file");
    await store(`cp -a /run/whole ${victim}`);
    expect(await contents(await copied())).toContain(victim);
  });
});

describe("a mass deletion on the eve of the copy", () => {
  test("stops it until somebody has seen what is gone", async () => {
    const before = await generations();
    const held = await contents(before.at(-1) ?? "");
    await store("mkdir /run/taken; mv packages/hello/1.0/{11..70} /run/taken/");
    const refused = await copy();
    expect(refused.code).not.toBe(0);
    expect(refused.said).toContain("gone 60, altered 0");
    expect(refused.said).toContain(`gone ${rpm(11)}`);
    expect(await generations()).toEqual(before);

    const passed = await copied("--answer=pass-the-change-on=yes");
    expect((await contents(passed)).split("\n").length).toBe(held.split("\n").length - 60);
    expect(await contents(before.at(-1) ?? "")).toBe(held);
    await store("mv /run/taken/* packages/hello/1.0/");
    await copied();
  });

  test("is not what kojira does: a repository may go while its tag has another, and the last may not", async () => {
    await store("mv repos/f17-build/1 /run/repository");
    await copied("--threshold=3");
    await store("mv repos/f17-build /run/tag");
    const refused = await copy("--threshold=3");
    expect(refused.code).not.toBe(0);
    expect(refused.said).toContain("gone repos/f17-build/2/armv7hl/repodata/repomd.xml");
    await store("mv /run/tag repos/f17-build; mv /run/repository repos/f17-build/1");
    await copied();
  });
});

test("the generation before last comes back byte for byte, with owners, modes, times and links", async () => {
  await store(
    "chown root:root packages/hello/1.0/2; chmod 0604 packages/hello/1.0/1/notes; chown -h apache:root repos/f17-build/latest",
  );
  const was = await store(described);
  await copied();
  await store(
    `rm -r packages/hello/1.0/{3..9}; echo another > ${rpm(12)}; ln -sfn 1 repos/f17-build/latest; chmod 0644 packages/hello/1.0/1/notes`,
  );
  const next = await copied();
  await store(`echo newest > packages/newest; ${rot(rpm(13))}`);
  await copied();

  const begun = (await copies(`sed -n 's/^begun //p' chile-koji-manifest-${next}`)).trim();
  // What kojira would take for old.
  const old = "find repos -mindepth 2 -maxdepth 2 -type d -mtime +7";
  expect(await store(old)).toContain("repos/f17-build/1");
  const answers = ["--answer=bring-this-copy-back=yes", "--answer=switch-to-it=chile repository"];
  const told = await run("restore-repository.mjs", "--server=chile", "--holder=iraq", `--before=${begun}`, ...answers);
  expect(told, told.said).toMatchObject({ code: 0 });
  expect(await store(described)).toBe(was);
  expect(await store(old)).toBe("");
  expect(
    await store("cat work/tasks/1/build.log; cat set-aside/*/packages/newest; ls -A | grep restored || true"),
  ).toBe("upload\nnewest\n");
});

describe("a generation is chosen, and deleted, by what is in it", () => {
  test("one that lacks a file is passed over", async () => {
    const [lastNight = ""] = (await generations()).slice(-1);
    await copies(`rm -f chile-koji-${lastNight}/${rpm(30)}`);
    const { code, said } = await run("restore-repository.mjs", "--plan", "--server=chile", "--holder=iraq");
    expect(code, said).toBe(0);
    expect(said).toMatch(/passed over, chile-koji-\S+ has not the files that its manifest lists/u);
    expect(said).toMatch(/: whole/u);
  });

  test("what is older than 30 days goes, and never the newest that is whole", async () => {
    const all = await generations();
    const age = (generation: string, day: string, moment: string): string => `
      sed -i 's/^begun .*/begun ${moment}T03:10:00Z/; /^seal /d' chile-koji-manifest-${generation}
      echo "seal $(sha256sum < chile-koji-manifest-${generation} | cut -d ' ' -f 1)" >> chile-koji-manifest-${generation}
      mv chile-koji-manifest-${generation} chile-koji-manifest-${day}; mv chile-koji-${generation} chile-koji-${day}`;
    // The newest is not whole since the test before. Of all others two are left, both of them old.
    const [march = "", april = "", ...others] = all.slice(0, -1);
    await copies(`
      for other in ${others.join(" ")}; do rm -rf chile-koji-$other chile-koji-manifest-$other; done
      ${age(march, "Mar-28-2012", "2012-03-28")}
      ${age(april, "Apr-01-2012", "2012-04-01")}`);
    const { code, said } = await run("prune-repository.mjs", "--server=chile", "--holder=iraq");
    expect(code, said).toBe(0);
    expect(await generations()).toEqual(["Apr-01-2012", all.at(-1)]);
    expect(await copies("ls")).not.toContain("Mar-28-2012");
  });
});
