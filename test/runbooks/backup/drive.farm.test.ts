import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { operatorOf, vaultFarm, type ForkedFarm, type VaultFarm } from "../../support/vault-farm.ts";

let farm: VaultFarm;
let fork: ForkedFarm;
let operator: ReturnType<typeof operatorOf>;

const iraq = (text: string): Promise<string> => fork.root("iraq", text);
const write = (...more: readonly string[]) => operator("write-drive.mjs", "--holder=iraq", ...more);

/** UUIDs of two drives of the farm, and of a stranger's. */
const [monday, tuesday, stranger] = [
  "11111111-2222-4333-8444-555555555555",
  "22222222-2222-4333-8444-555555555555",
  "99999999-2222-4333-8444-555555555555",
] as const;

/** A drive: a real block device with a file system of that identity. */
const make = (uuid: string, size = "96M") =>
  iraq(`truncate -s ${size} /var/tmp/${uuid}.img; mkfs.ext4 -q -m 0 -L farm -U ${uuid} /var/tmp/${uuid}.img`);
const plugIn = (uuid: string, ...how: readonly string[]) =>
  iraq(`losetup --find ${how.join(" ")} /var/tmp/${uuid}.img`);
const pullOut = () =>
  iraq("for image in /var/tmp/*.img; do losetup -j $image | cut -d : -f 1 | xargs -r losetup -d; done");
const bytesOf = (uuid: string) => iraq(`sha256sum < /var/tmp/${uuid}.img`);

/** What a bash text says of the drive, mounted to be looked at. */
const onDrive = (uuid: string, text: string, how = "ro,noload") =>
  iraq(
    `mkdir -p /run/look; mount -o loop,${how} /var/tmp/${uuid}.img /run/look; cd /run/look; ${text}; cd /; umount /run/look`,
  );

beforeAll(async () => {
  farm = await vaultFarm();
  fork = await farm.fork();
  operator = operatorOf(fork);
  await iraq(`
    systemctl stop plugged-in-drive
    [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
    for n in {0..31}; do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done
    printf '${monday} the one of even weeks\\n${tuesday}\\n' > /etc/blaze/drives
    mkdir -p /archive/kit; echo '#!/usr/bin/env node' > /archive/kit/recover.mjs`);
  await make(monday);
});
afterAll(async () => {
  await pullOut();
  await fork?.[Symbol.asyncDispose]();
  await farm?.[Symbol.asyncDispose]();
});
beforeEach(() => pullOut());

test.each<[string, () => Promise<unknown>, string, RegExp]>([
  ["that is not there", async () => undefined, monday, /none is plugged in of 11111111/u],
  [
    "of somebody else",
    async () => {
      await make(stranger);
      await plugIn(stranger);
    },
    stranger,
    /none is plugged in/u,
  ],
  ["that is read-only", () => plugIn(monday, "-r"), monday, /is read-only/u],
  [
    "without room",
    async () => {
      await make(tuesday, "5M");
      await plugIn(tuesday);
    },
    tuesday,
    /there is room on the drive|it has room for \d+ bytes/u,
  ],
  [
    "that was pulled out while it was mounted",
    async () => {
      await iraq(`debugfs -w -R 'ssv state 0' /var/tmp/${monday}.img 2> /dev/null`);
      await plugIn(monday);
    },
    monday,
    /was not unmounted cleanly, or is damaged: e2fsck/u,
  ],
])("a drive %s is refused, and not a byte of it is altered", async (_, plug, uuid, why) => {
  await plug();
  const before = await bytesOf(uuid);
  const told = await write();
  expect(told.code, told.said).not.toBe(0);
  expect(told.said).toMatch(why);
  expect(await bytesOf(uuid)).toBe(before);
  expect(await iraq("findmnt -n -M /run/blaze-drive || true")).toBe("");
});

test.each<[string, string, string, RegExp]>([
  ["no kit", "mv /archive/kit /root", "mv /root/kit /archive", /there is no kit in \\?\/archive\/kit/u],
  [
    "a key that opens what is sealed",
    "age-keygen -o /archive/kit/daily.key 2> /dev/null",
    "rm /archive/kit/daily.key",
    /\/archive\/kit\/daily\.key opens the sealed sets/u,
  ],
  [
    "no archive",
    "mv /archive/blaze-backup /archive/gone; mkdir /archive/blaze-backup",
    "rmdir /archive/blaze-backup; mv /archive/gone /archive/blaze-backup",
    /is \/archive mounted/u,
  ],
])("with %s nothing is written", async (_, spoil, mend, why) => {
  await make(monday);
  await plugIn(monday);
  const before = await bytesOf(monday);
  await iraq(spoil);
  const told = await write();
  await iraq(mend);
  expect(told).toEqual({ code: 1, said: expect.stringMatching(why) });
  expect(await bytesOf(monday)).toBe(before);
});

test("the drive has all that the archive has, read back and proved, and is ejected; the next week costs what is new", async () => {
  await make(monday);
  await plugIn(monday);
  const first = await write();
  expect(first, first.said).toMatchObject({ code: 0 });
  expect(await iraq("findmnt -n -M /run/blaze-drive || true")).toBe("");
  await pullOut();
  expect(await onDrive(monday, "generation=$(cut -d ' ' -f 1 newest); diff -r /archive $generation/archive")).toBe("");
  // Owners, modes and times too.
  const facts = "find . -mindepth 1 ! -name lost+found -printf '%y %m %u:%g %T@ %P\\n' | sort";
  expect(await onDrive(monday, `cd $(cut -d ' ' -f 1 newest)/archive; ${facts}`)).toBe(
    await iraq(`cd /archive; ${facts}`),
  );

  await iraq("head -c 300000 /dev/urandom > /archive/blaze-backup/hongkong/news");
  await plugIn(monday);
  const second = await write(`--drive=${monday}`);
  expect(second, second.said).toMatchObject({ code: 0 });
  await pullOut();
  const usage = await onDrive(monday, "ls -d [A-Z]*Z; du -sk [A-Z]*Z | cut -f 1; grep -c '^file ' manifest-*");
  const [older, newer, whole, more, ...files] = usage.trim().split("\n");
  expect({ older, newer, files: files.length }).toEqual({
    older: expect.stringMatching(/Z$/u),
    newer: expect.stringMatching(/Z$/u),
    files: 2,
  });
  // What they share is counted once, for the older one: the newer one is its news, and folders.
  expect(Number(more)).toBeLessThan(600);
  expect(Number(whole)).toBeGreaterThan(Number(more) / 2);

  // What rots on the drive is found when the drive is there again, and the archive is not altered by it.
  await onDrive(
    monday,
    "file=$(find $(cut -d ' ' -f 1 newest)/archive -name 'hongkong-etc-*' | head -n 1); touch -r $file /run/times; printf x | dd of=$file bs=1 seek=100 conv=notrunc status=none; touch -r /run/times $file",
    "rw",
  );
  const archive = await iraq("cd /archive; find . -type f -exec sha256sum {} + | sort");
  await plugIn(monday);
  const rotten = await write();
  expect(rotten).toEqual({
    code: 1,
    said: expect.stringMatching(/hongkong-etc-\S+ on the drive is not what it was when it was written/u),
  });
  expect(await iraq("cd /archive; find . -type f -exec sha256sum {} + | sort")).toBe(archive);
  await iraq("umount /run/blaze-drive");
});

test("an archive that was lost comes back from the drive, and what is left of it stays", async () => {
  await make(monday);
  await plugIn(monday);
  expect(await write()).toMatchObject({ code: 0 });
  const facts =
    "cd /archive; find . -type f -printf '%m %u:%g %T@ %p\\n' | sort; find . -type f -exec sha256sum {} + | sort";
  const was = await iraq(facts);
  await pullOut();
  const drive = await bytesOf(monday);
  await iraq("rm -r /archive/blaze-backup/hongkong/hongkong-[ec]* /archive/kit");
  // A switch on the drive keeps it from being written to: it can be read all the same.
  await plugIn(monday, "-r");
  const back = await operator("read-drive.mjs", "--holder=iraq", "--answer=bring-back-what-is-missing=yes");
  expect(back, back.said).toMatchObject({ code: 0 });
  expect(await iraq(facts)).toBe(was);
  expect(await bytesOf(monday)).toBe(drive);

  await iraq("echo other > /archive/kit/recover.mjs; rm /archive/blaze-backup/hongkong/hongkong-etc-*");
  const again = await operator("read-drive.mjs", "--holder=iraq", "--answer=bring-back-what-is-missing=yes");
  expect(again, again.said).toEqual({ code: 0, said: expect.stringContaining("kit/recover.mjs") });
  expect(await iraq("cat /archive/kit/recover.mjs; ls /archive/blaze-backup/hongkong | grep -c etc")).toBe(
    "other\n1\n",
  );
});

test("with two of the farm's drives plugged in, it wants to know which", async () => {
  await make(tuesday);
  await plugIn(monday);
  await plugIn(tuesday);
  const told = await write();
  expect(told).toEqual({ code: 1, said: expect.stringMatching(/two are plugged in/u) });
});
