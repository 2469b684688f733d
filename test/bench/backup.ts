/**
 * `node test/bench/backup.ts [--json]`: what the backup costs, in seconds and bytes, against plain tools on the same data in
 * the same run. `copy-repository` against `rsync -a` over the same ssh, `blaze` against `tar -cj`: the first time, when
 * all is new, and again with one file in a hundred more. It needs machines: a fork of the servers of the world `vault`.
 */
import { loadavg } from "node:os";
import { drillFarm } from "../support/drill-farm.ts";
import lostRepository from "../../runbooks/backup/lost-repository.drill.ts";
import blaze from "../../runbooks/backup/blaze.ts";
import { median } from "./median.ts";

interface Measured {
  readonly seconds: number;
  readonly bytes: number;
}

/** One piece of work, done by both in turns. */
interface Compared {
  readonly work: string;
  readonly against: string;
  readonly first: Pair;
  readonly again: Pair;
}

interface Pair {
  readonly subject: Measured;
  readonly against: Measured;
  /** Median of the pairs' times; less is better. */
  readonly ratio: number;
}

const turns = 3;
const files = 1200;

const farm = await drillFarm(lostRepository, { also: [blaze] });
await using whole = farm;
await using fork = await whole.fork();

/** So many files of 128 KiB more in a folder, named by a word. */
const more = (folder: string, count: number, word: string): string => `mkdir -p ${folder}/${word}
  head -c ${count * 131072} /dev/urandom | split -b 131072 -a 4 - ${folder}/${word}/`;

async function script(name: string, ...args: readonly string[]): Promise<number> {
  const { code, seconds, stdout, stderr } = await fork.run(name, args);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${stdout}${stderr}`);
  return seconds;
}

async function plain(host: string, text: string): Promise<Measured> {
  const began = performance.now();
  const bytes = Number(await fork.root(host, text));
  return { seconds: (performance.now() - began) / 1000, bytes };
}

async function ownCopy(): Promise<Measured> {
  const seconds = await script("copy-repository.mjs", "--server=chile", "--holder=iraq");
  const sent = "sed -n 's/^sent //p' \"$(ls -t /archive/repo-backup/*-manifest-* | head -n 1)\"";
  return { seconds, bytes: Number(await fork.root("iraq", sent)) };
}

const plainCopy = (): Promise<Measured> =>
  plain("chile", "rsync -a --stats /mnt/koji/ iraq:repo-backup/plain/ | sed -n 's/^Total bytes sent: //p' | tr -d ,");

async function ownSets(): Promise<Measured> {
  const seconds = await script("blaze.mjs", "--server=hongkong");
  const made = `cd /archive/blaze-backup/hongkong
    manifest=$(ls -t *-manifest-* | head -n 1)
    sed -n 's/^set [^ ]* [^ ]* \\([0-9]*\\) .*/\\1/p' "$manifest" | awk '{ sum += $1 } END { print sum }'`;
  return { seconds, bytes: Number(await fork.root("hongkong", made)) };
}

const plainSets = (): Promise<Measured> =>
  plain(
    "hongkong",
    "tar -cjf /archive/plain.tar.bz2 /etc /var/spool/cron /usr/local/bin 2> /dev/null; stat -c %s /archive/plain.tar.bz2",
  );

interface Work {
  readonly work: string;
  readonly against: string;
  readonly own: () => Promise<Measured>;
  readonly theirs: () => Promise<Measured>;
  /** Takes away what was made before. */
  readonly forget: () => Promise<unknown>;
  readonly grow: (word: string) => Promise<unknown>;
}

async function compare({ work, against, own, theirs, forget, grow }: Work): Promise<Compared> {
  const first: [Measured, Measured][] = [];
  const again: [Measured, Measured][] = [];
  for (let turn = 0; turn < turns; turn++) {
    await forget();
    const both = async (): Promise<[Measured, Measured]> => {
      // Who goes first finds the other's data in memory, or not: they take turns in that, too.
      if (turn % 2 === 0) return [await own(), await theirs()];
      const other = await theirs();
      return [await own(), other];
    };
    first.push(await both());
    await grow(`turn${turn}`);
    again.push(await both());
  }
  return { work, against, first: pair(first), again: pair(again) };
}

function pair(measured: readonly (readonly [Measured, Measured])[]): Pair {
  const middle = (which: 0 | 1): Measured => ({
    seconds: median(measured.map((each) => each[which].seconds)),
    bytes: median(measured.map((each) => each[which].bytes)),
  });
  return {
    subject: middle(0),
    against: middle(1),
    ratio: median(measured.map(([own, theirs]) => own.seconds / theirs.seconds)),
  };
}

const [load = 0] = loadavg();
await fork.root("chile", more("/mnt/koji/packages", files, "load"));
await fork.root("hongkong", more("/etc/load", files / 20, "load"));
const compared = [
  await compare({
    work: "copy-repository",
    against: "rsync -a",
    own: ownCopy,
    theirs: plainCopy,
    forget: () => fork.root("iraq", "rm -rf /archive/repo-backup/*"),
    grow: (word) => fork.root("chile", more("/mnt/koji/packages", files / 100, word)),
  }),
  await compare({
    work: "blaze",
    against: "tar -cj",
    own: ownSets,
    theirs: plainSets,
    forget: () => fork.root("hongkong", "rm -rf /archive/blaze-backup/hongkong /archive/plain.tar.bz2"),
    grow: (word) => fork.root("hongkong", more("/etc/load", 1, word)),
  }),
];
if (process.argv.includes("--json")) console.log(JSON.stringify({ load, compared }, undefined, 2));
else {
  console.log(`load average before: ${load.toFixed(1)}; medians of ${turns} turns`);
  for (const { work, against, first, again } of compared)
    for (const [when, each] of Object.entries({ first, again }))
      console.log(
        `${work}, ${when}: ${told(each.subject)}; ${against}: ${told(each.against)}; ratio ${each.ratio.toFixed(2)}`,
      );
}

function told({ seconds, bytes }: Measured): string {
  return `${seconds.toFixed(1)} s, ${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
