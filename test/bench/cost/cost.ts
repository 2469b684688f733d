/**
 * `node test/bench/cost/cost.ts [--hosts 10,50,200] [--turns 3] [--steps 100] [--against WORD] [--no-memory] [--json]`: whole runs of ours, each step
 * journaled, detached, supervised and verified, against the same work by other tools, which verify nothing. All take turns,
 * so that whatever else the machine does weighs on each; ratios are medians of the turns.
 */
import { parseArgs } from "node:util";
import { median } from "../median.ts";
import type { Ratio } from "../ratio.ts";
import { startHosts } from "./hosts.ts";
import { installOthers, others, type Other } from "./others.ts";
import { ours, type Held, type Ours } from "./ours.ts";
import { timed } from "./timed.ts";

export interface CostWish {
  readonly hosts: readonly number[];
  readonly turns: number;
  readonly steps: number;
  /** What the names of the tools have that are compared with; all where left out. */
  readonly against?: string;
  /** Whether to measure memory too. */
  readonly memory: boolean;
}

/** What the runner takes in a run. */
export interface Memory extends Held {
  readonly run: string;
}

export async function benchCost(
  { hosts: counts, turns, steps, against = "", memory }: CostWish,
  tell: (ratio: Ratio) => void,
): Promise<readonly Memory[]> {
  await installOthers();
  await using hosts = await startHosts(Math.max(...counts));
  const mine = await ours(hosts);
  const all = others(hosts).filter(({ name }) => name.includes(against));
  const pick = (work: (other: Other) => Against["work"] | undefined): readonly Against[] =>
    all.flatMap((other) => {
      const found = work(other);
      return found ? [{ name: other.name, work: found }] : [];
    });
  await compare(
    `${steps} steps on one host`,
    () => mine.row(steps),
    pick(({ row }) => row && (() => row(steps))),
    turns,
    tell,
  );
  for (const count of counts)
    await compare(
      `one step on ${count} hosts`,
      () => mine.all(count),
      pick(({ all }) => all && (() => all(count))),
      turns,
      tell,
    );
  const cold = { name: "one bare ssh, cold", work: () => timed("ssh", ["-F", hosts.config, "h1", hosts.command]) };
  await compare("a plan of one step on one host", () => mine.plan(), [cold], turns, tell);
  return memory ? await memoryOf(mine, steps, Math.max(...counts)) : [];
}

interface Against {
  readonly name: string;
  readonly work: () => Promise<number>;
}

async function compare(
  name: string,
  subject: () => Promise<number>,
  against: readonly Against[],
  turns: number,
  tell: (ratio: Ratio) => void,
): Promise<void> {
  const took: { readonly subject: number; readonly others: readonly number[] }[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const mine = await subject();
    const rest: number[] = [];
    for (const { work } of against) rest.push(await work());
    took.push({ subject: mine, others: rest });
  }
  for (const [index, other] of against.entries()) {
    const theirs = took.map((turn) => turn.others[index] ?? Number.NaN);
    tell({
      name,
      subject: "a whole run of a standalone script, verified",
      against: other.name,
      ratio: median(took.map((turn, at) => turn.subject / (theirs[at] ?? Number.NaN))),
      subjectMs: median(took.map((turn) => turn.subject)),
      againstMs: median(theirs),
    });
  }
}

async function memoryOf(mine: Ours, steps: number, count: number): Promise<readonly Memory[]> {
  return [
    { run: `${steps} steps on one host`, ...(await mine.memoryOfRow(steps)) },
    { run: `${steps * 10} steps on one host`, ...(await mine.memoryOfRow(steps * 10)) },
    { run: `one step on ${count} hosts`, ...(await mine.memoryOfAll(count)) },
  ];
}

/** In words, for a line. */
export function memoryWords({ run, peakBytes, usedBytes }: Memory): string {
  const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  return `memory of the runner, ${run}: ${mebibytes(peakBytes)} at its most, ${mebibytes(usedBytes)} of it in use`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      hosts: { type: "string", default: "10,50,200" },
      turns: { type: "string", default: "3" },
      steps: { type: "string", default: "100" },
      against: { type: "string", default: "" },
      memory: { type: "boolean", default: true },
      json: { type: "boolean", default: false },
    },
    allowNegative: true,
  });
  const wish = {
    hosts: values.hosts.split(",").map(Number),
    turns: Number(values.turns),
    steps: Number(values.steps),
    against: values.against,
    memory: values.memory,
  };
  const ratios: Ratio[] = [];
  const memory = await benchCost(wish, (ratio) => {
    ratios.push(ratio);
    if (!values.json)
      console.log(`${ratio.name}, against ${ratio.against}: ${ratio.ratio.toFixed(2)} (${seconds(ratio)})`);
  });
  if (values.json) console.log(JSON.stringify({ ratios, memory }, undefined, 2));
  else for (const each of memory) console.log(memoryWords(each));
}

function seconds({ subjectMs, againstMs }: Ratio): string {
  return `${(subjectMs / 1000).toFixed(2)} s, ${(againstMs / 1000).toFixed(2)} s`;
}
