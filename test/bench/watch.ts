/**
 * `node test/bench/watch.ts [--json]`: what it costs to watch over the sets of five servers with thirty generations each, at
 * every holder that the world `vault` has, against nothing but `sha256sum` of the newest sets over the same ssh. Medians of
 * three turns. The generations are copies of one, a day apart. It needs machines.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isWrong, type Watched } from "../../runner/cli/watch/copies.ts";
import { drillbook } from "../runner/cli/drillbook.ts";
import { vaultFarm } from "../support/vault-farm.ts";
import { median } from "./median.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const turns = 3;
/** Who keeps whose sets; australia, which is no host of this world, keeps chile's. */
const kept: Readonly<Record<string, readonly string[]>> = {
  iraq: ["hongkong", "ireland", "chile", "australia"],
  ireland: ["hongkong"],
  chile: ["ireland", "iraq"],
  hongkong: ["australia", "iraq"],
};

await using farm = await vaultFarm();
await using fork = await farm.fork();
const folder = await mkdtemp(join(tmpdir(), "bench-watch-"));

const newest = await fork.root("iraq", "cd /archive/blaze-backup/hongkong; tar -cz hongkong-* | base64 -w 0");

/** Makes thirty generations of a server at a holder, of today and the days before. */
const fabricate = (server: string): string => `
  mkdir -p /archive/blaze-backup/${server}; cd /archive/blaze-backup/${server}
  mkdir /run/one; base64 -d <<< ${newest} | tar -xz -C /run/one
  was=$(cd /run/one; echo hongkong-manifest-*); was=\${was#hongkong-manifest-}
  rm -f ${server}-*
  for n in {0..29}; do
    LC_ALL=C day=$(date -u -d "$n days ago" +%b-%d-%Y)
    for file in /run/one/*-$was.tar*; do
      name=\${file##*/hongkong-}
      cp -- "$file" "${server}-\${name/$was/$day}"
    done
    manifest=${server}-manifest-$day
    sed "/^seal /d; s/^host .*/host ${server}/; s/^generation .*/generation $day/
      s/^begun .*/begun $(date -u -d "$n days ago" +%Y-%m-%dT%H:%M:%SZ)/
      s/^\\(set [a-z]* \\)hongkong-\\([a-z]*\\)-$was/\\1${server}-\\2-$day/" "/run/one/hongkong-manifest-$was" > "$manifest"
    echo "seal $(sha256sum < "$manifest" | cut -d ' ' -f 1)" >> "$manifest"
  done
  chown -R backup:backup .; rm -r /run/one`;

for (const [holder, servers] of Object.entries(kept)) {
  for (const server of servers) await fork.root(holder, fabricate(server));
}
const { hosts, ...rest } = await fork.world.binding();
// A check logs in to the server, too, and asks it nothing: another machine will do.
const australia = { ...hosts["chile"], role: "scratch" };
const binding = join(folder, "binding.json");
await writeFile(binding, JSON.stringify({ ...rest, hosts: { ...hosts, australia } }));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

let copies = 0;
async function watch(): Promise<void> {
  const { stdout, stderr } = await drillbook(root, "watch", "servers-nightly", "--binding", binding, "--json");
  const found = JSON.parse(stdout) as Watched;
  // The schedule has other checks, too, of what this world has not.
  const sets = found.copies.filter(({ runbook }) => runbook === "check-sets");
  const wrong = sets.filter(isWrong);
  if (wrong.length > 0) throw new Error(`${JSON.stringify(wrong)}${stderr}`);
  copies = sets.length;
}

async function digests(): Promise<void> {
  for (const [holder, servers] of Object.entries(kept)) {
    const day = "$(LC_ALL=C date -u +%b-%d-%Y)";
    for (const server of servers)
      await fork.root(holder, `cd /archive/blaze-backup/${server}; sha256sum -- *-${day}* > /dev/null`);
  }
}

const own: number[] = [];
const plain: number[] = [];
for (let turn = 0; turn < turns; turn++) {
  own.push(await timed(watch));
  plain.push(await timed(digests));
}
await rm(folder, { recursive: true });
const [load = 0] = loadavg();
const result = { copies, watchSeconds: median(own), sha256sumSeconds: median(plain), load };
console.log(process.argv.includes("--json") ? JSON.stringify(result) : result);
