/**
 * `node test/bench/kojicheck.ts [--json]`: how fast the checker goes through a store, against plain `sha256sum` over the
 * same tree in the same run. It needs machines: a fork of the Koji farm, with a package of 400 builds more.
 */
import { fedoraArmFarm } from "../support/fedora-arm-farm.ts";

/** Runs a bash text as root on a host. */
type Root = (host: string, text: string) => Promise<string>;

/** One way through one tree. */
interface Throughput {
  readonly tree: string;
  readonly program: string;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Seconds of processors. */
  readonly cpu: number;
  /** Time over that of sha256sum on the same tree, taken in turns; less is better. */
  readonly ratio: number;
}

const builds = 400;
const turns = 2;

/** Gives the farm builds enough to measure by: one rpm of half a MiB each, the same but for its name. */
async function fill(root: Root): Promise<void> {
  const [facts = ""] = (
    await root(
      "bastion",
      `mkdir -p /var/tmp/load && cd /var/tmp/load && head -c 524288 /dev/urandom > load.bin
       printf '%s\\n' 'Name: load' 'Version: 1' 'Release: 1' 'Summary: Load' 'License: None' 'BuildArch: noarch' \\
         '%description' 'Load.' '%install' 'install -D /var/tmp/load/load.bin %{buildroot}/usr/share/load' \\
         '%files' '/usr/share/load' > load.spec
       rpmbuild -bb --define '_topdir /var/tmp/load' load.spec > log 2>&1
       rpm -qp --qf '%{SIGMD5}\\n' RPMS/noarch/load-1-1.noarch.rpm`,
    )
  ).split("\n");
  const rpm = await root("bastion", "base64 -w0 /var/tmp/load/RPMS/noarch/load-1-1.noarch.rpm");
  const said = await root(
    "chile",
    `cd /mnt/koji && base64 -d > /var/tmp/load.rpm <<< '${rpm.trim()}'
     size=$(stat -c %s /var/tmp/load.rpm)
     signed=$((16 + 16 * 0x$(od -An -tx1 -j104 -N4 /var/tmp/load.rpm | tr -d ' ') + 0x$(od -An -tx1 -j108 -N4 /var/tmp/load.rpm | tr -d ' ')))
     signed=$(((signed + 7) / 8 * 8))
     dd if=/var/tmp/load.rpm of=/var/tmp/load.sig bs=1 skip=96 count=$signed status=none
     for release in $(seq ${builds}); do
       folder=packages/load/1/$release
       mkdir -p $folder/noarch $folder/data/sigcache/noarch
       cp /var/tmp/load.rpm $folder/noarch/load-1-$release.noarch.rpm
       cp /var/tmp/load.sig $folder/data/sigcache/noarch/load-1-$release.noarch.rpm.sig
     done
     chown -R apache:apache packages/load
     echo $size; md5sum < /var/tmp/load.sig | cut -d' ' -f1`,
  );
  const [size, sighash] = said.trim().split("\n");
  await root(
    "ireland",
    `cd / && runuser -u postgres -- psql -Xq -v ON_ERROR_STOP=1 koji <<'SQL'
INSERT INTO package (name) VALUES ('load');
INSERT INTO build (volume_id, pkg_id, version, release, state, owner, start_time, completion_time)
  SELECT 0, package.id, '1', release, 1, (SELECT min(id) FROM users), now(), now()
  FROM package, generate_series(1, ${builds}) AS release WHERE name = 'load';
INSERT INTO rpminfo (build_id, name, version, release, arch, external_repo_id, payloadhash, size, buildtime)
  SELECT build.id, 'load', version, release, 'noarch', 0, '${facts}', ${size}, 0
  FROM build JOIN package ON package.id = pkg_id WHERE name = 'load';
INSERT INTO rpmsigs (rpm_id, sigkey, sighash) SELECT id, '', '${sighash}' FROM rpminfo WHERE name = 'load';
SQL`,
  );
}

/** Measures, on the store as the hub mounts it and on a copy on the hub's own disk. */
async function measure(root: Root): Promise<readonly Throughput[]> {
  await fill(root);
  await root("hongkong", "mkdir -p /var/tmp/store && cp -a /mnt/koji/. /var/tmp/store/");
  const found: Throughput[] = [];
  for (const [tree, top] of [
    ["over the network", "/mnt/koji"],
    ["on a disk of its own", "/var/tmp/store"],
  ] as const) {
    const files = Number(await root("hongkong", `find ${top}/packages -type f | wc -l`));
    const bytes = Number(
      await root("hongkong", `find ${top}/packages -type f -printf '%s\\n' | awk '{ s += $1 } END { print s }'`),
    );
    const sums = `find ${top}/packages -type f -print0 | xargs -0 sha256sum > /dev/null`;
    const programs = (["quick", "default", "full"] as const).map(
      (level) => `kojicheck --topdir ${top} --level ${level}`,
    );
    // Once in vain, so that neither pays for what is read for the first time.
    await timed(root, sums);
    const against = { seconds: 0, cpu: 0 };
    const subjects = programs.map(() => ({ seconds: 0, cpu: 0 }));
    for (let turn = 0; turn < turns; turn++)
      for (const [index, program] of programs.entries()) {
        add(subjects[index], await timed(root, `${program} --quiet --json`));
        add(against, await timed(root, sums));
      }
    const sumTurns = turns * programs.length;
    const plain = { seconds: against.seconds / sumTurns, cpu: against.cpu / sumTurns };
    found.push({ tree, program: "sha256sum", files, bytes, ...plain, ratio: 1 });
    for (const [index, program] of programs.entries()) {
      const { seconds = 0, cpu = 0 } = subjects[index] ?? {};
      const looked = JSON.parse(await root("hongkong", `${program} --quiet --json | tail -n 1`)) as Throughput;
      const each = { seconds: seconds / turns, cpu: cpu / turns };
      found.push({
        tree,
        program,
        files: looked.files,
        bytes: looked.bytes,
        ...each,
        ratio: each.seconds / plain.seconds,
      });
    }
  }
  return found;
}

interface Time {
  seconds: number;
  /** Seconds of processors. */
  cpu: number;
}

/** What a text takes on the hub, the way there left out. */
async function timed(root: Root, text: string): Promise<Time> {
  const said = await root("hongkong", `TIMEFORMAT='%R %U %S'\n{ time { ${text}; } > /var/tmp/said; } 2>&1`);
  const [seconds = 0, user = 0, system = 0] = said.trim().split(" ").map(Number);
  return { seconds, cpu: user + system };
}

function add(sum: Time | undefined, { seconds, cpu }: Time): void {
  if (!sum) return;
  sum.seconds += seconds;
  sum.cpu += cpu;
}

/** A line for people. */
function worded({ tree, program, files, bytes, seconds, cpu, ratio }: Throughput): string {
  const mib = bytes / 1024 ** 2;
  return [
    `${tree}: ${program}: ${ratio.toFixed(2)}`,
    `  ${files} files and ${mib.toFixed(1)} MiB in ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of processors`,
    `  ${(files / seconds).toFixed(0)} files/s, ${(mib / seconds).toFixed(1)} MiB/s`,
  ].join("\n");
}

if (import.meta.main) {
  await using farm = await fedoraArmFarm();
  await using fork = await farm.fork();
  const all = await measure((host, text) => fork.root(host, text));
  console.log(process.argv.includes("--json") ? JSON.stringify(all, undefined, 2) : all.map(worded).join("\n"));
}
