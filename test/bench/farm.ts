/**
 * `node test/bench/farm.ts [--cold] [--json]`: what the Koji farm costs. How long it takes to be there, with `--cold` from a
 * machine that has no image but the base; how long a fork takes, against as many bare containers of the same images that
 * run nothing; and what a running farm holds in memory.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { promisify } from "node:util";
import { engine } from "../../fixtures/engine/engine.ts";
import { prepareEngine } from "../../fixtures/engine/index.ts";
import { fedoraArmWorld } from "../../fixtures/worlds/fedora-arm.ts";
import { fedoraArmFarm, type DrillFarm, type ForkedFarm } from "../support/fedora-arm-farm.ts";
import { median } from "./median.ts";

interface FarmCost {
  /** One minute's load average before it began: on a machine with other work the times are longer. */
  readonly load: number;
  /** From no images but the base, or from what there was, to a farm that has lived, was backed up and is kept. */
  readonly ready: { readonly cold: boolean; readonly seconds: number };
  /** Medians, and the ratio of the pairs. */
  readonly fork: { readonly seconds: number; readonly bareSeconds: number; readonly ratio: number };
  readonly machines: number;
  /** Proportional share of every process of every machine. */
  readonly memoryMiB: number;
}

const forks = 3;
const cold = process.argv.includes("--cold");

/** Removes every image of ours but the base. */
async function forget(): Promise<void> {
  await fedoraArmWorld.sweep({ everything: true });
  const { docker } = await engine();
  const tags = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  const ours = tags.filter((tag) => tag.startsWith("drillbook/") && !tag.startsWith("drillbook/base"));
  for (const tag of ours) await docker.getImage(tag).remove({ force: true });
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [seconds: number, result: T]> {
  const begun = performance.now();
  const result = await work();
  return [(performance.now() - begun) / 1000, result];
}

/** Starts a container that sleeps for each machine, all at once. */
async function bare(images: readonly string[]): Promise<number> {
  const { docker } = await engine();
  const made = await Promise.all(
    images.map((Image) => docker.createContainer({ Image, Entrypoint: ["sleep", "300"], Cmd: [] })),
  );
  const [seconds] = await timed(() => Promise.all(made.map((container) => container.start())));
  await Promise.all(made.map((container) => container.remove({ force: true })));
  return seconds;
}

/** Containers of a fork: the shells that the world tells of lead there. */
const containersOf = ({ world }: ForkedFarm): readonly string[] =>
  Object.values(world.shells()).map((shell) => /exec -it (\S+)/u.exec(shell)?.[1] ?? "");

async function memoryOf(containers: readonly string[]): Promise<number> {
  const { docker } = await engine();
  let kib = 0;
  for (const container of containers) {
    const { Processes } = (await docker.getContainer(container).top({ ps_args: "-eo pid" })) as {
      Processes: string[][];
    };
    for (const [pid] of Processes) kib += await pss(pid ?? "");
  }
  return kib / 1024;
}

/** Nothing of a process that has ended. */
async function pss(pid: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/mu.exec(text)?.[1] ?? 0);
}

async function measure(farm: DrillFarm): Promise<Pick<FarmCost, "fork" | "machines" | "memoryMiB">> {
  const pairs: { readonly subject: number; readonly against: number }[] = [];
  let memoryMiB = 0;
  let machines = 0;
  for (let turn = 0; turn < forks; turn++) {
    const [subject, fork] = await timed(() => farm.fork());
    const containers = containersOf(fork);
    machines = containers.length;
    memoryMiB = await memoryOf(containers);
    const images = await Promise.all(containers.map(imageOf));
    await fork[Symbol.asyncDispose]();
    pairs.push({ subject, against: await bare(images) });
  }
  return {
    fork: {
      seconds: median(pairs.map(({ subject }) => subject)),
      bareSeconds: median(pairs.map(({ against }) => against)),
      ratio: median(pairs.map(({ subject, against }) => subject / against)),
    },
    machines,
    memoryMiB,
  };
}

async function imageOf(container: string): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", ["inspect", "--format", "{{.Image}}", container]);
  return stdout.trim();
}

const [load = 0] = loadavg();
await prepareEngine(() => undefined);
if (cold) await forget();
const [seconds, farm] = await timed(() => fedoraArmFarm());
await using whole = farm;
const cost: FarmCost = { load, ready: { cold, seconds }, ...(await measure(whole)) };
if (process.argv.includes("--json")) console.log(JSON.stringify(cost, undefined, 2));
else {
  console.log(`load average before: ${load.toFixed(1)}`);
  console.log(
    `ready ${cold ? "from no image but the base" : "with the images that were there"}: ${seconds.toFixed(1)} s`,
  );
  console.log(
    `fork of ${cost.machines} machines: ${cost.fork.seconds.toFixed(1)} s, ` +
      `bare containers ${cost.fork.bareSeconds.toFixed(1)} s, ratio ${cost.fork.ratio.toFixed(2)}`,
  );
  console.log(`memory of a running farm: ${cost.memoryMiB.toFixed(0)} MiB`);
}
