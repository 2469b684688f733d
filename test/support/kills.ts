import { expect } from "vitest";
import type { Drill } from "../../dsl/drill.ts";
import type { OperatorResult } from "../../runner/drill/world.ts";
import type { Record as JournalRecord } from "../../runner/journal/record.ts";
import { recoveryOf, type DrillFarm, type ForkedFarm } from "./drill-farm.ts";

/** A moment of a recovery, counted from a record of its journal: so it is hit at any speed. */
export interface Moment {
  readonly title: string;
  /** How many records come before it. */
  readonly records: number;
  readonly afterMs: number;
}

/** The last records of a recovery come within a moment of its end, when there is nothing left to kill. */
const tail = 4;

/** The records of a recovery that nothing disturbs. */
export async function courseOf(farm: DrillFarm, drill: Drill): Promise<readonly JournalRecord[]> {
  await using fork = await farm.fork();
  await fork.world.strike(drill.options.disaster);
  const { args, env } = await secretsOf(fork, drill);
  const { code, stdout, stderr } = await fork.run(scriptOf(drill), ["--json", ...recoveryOf(drill), ...args], { env });
  if (code !== 0) throw new Error(`the recovery that nothing disturbs ended with ${code}: ${stderr}`);
  return recordsOf(stdout);
}

/** The moment at a part of a course, from 0 to 1. */
export function momentAt(course: readonly JournalRecord[], part: number): Moment {
  const times = course.map(({ at }) => Date.parse(at));
  const [first = 0] = times;
  const at = first + part * ((times.at(-tail) ?? first) - first);
  const before = times.findLastIndex((time) => time <= at);
  return { title: `${part} of its course`, records: before + 1, afterMs: at - (times[before] ?? at) };
}

/** Every boundary between two steps, and the middle of every change. */
export function everyMoment(course: readonly JournalRecord[]): readonly Moment[] {
  return course.slice(0, -tail).flatMap((record, index): readonly Moment[] => {
    const records = index + 1;
    switch (record.type) {
      case "intent": {
        const end = course.slice(index).find((later) => later.type === "done" && later.step === record.step);
        const afterMs = end ? (Date.parse(end.at) - Date.parse(record.at)) / 2 : 0;
        return [{ title: `in the middle of ${record.step}`, records, afterMs }];
      }
      case "read":
      case "done":
      case "confirm":
        return [{ title: `after ${record.step}`, records, afterMs: 0 }];
      default:
        return [];
    }
  });
}

/** Strikes a fork, kills the recovery's runner at a moment, resumes it, and expects what a recovery owes. */
export async function killAndResume(farm: DrillFarm, drill: Drill, moment: Moment): Promise<void> {
  await using fork = await farm.fork();
  await fork.world.strike(drill.options.disaster);
  const answers = recoveryOf(drill).filter((argument) => argument.startsWith("--answer"));
  const { args, env } = await secretsOf(fork, drill);

  const killed = await runKilled(fork, drill, moment);
  expect(killed.code, `${moment.title}: it was killed before its end`).toBe(137);
  const resumed = await fork.run(scriptOf(drill), ["--json", "--resume", ...answers, ...args], { env });
  expect(resumed, `${moment.title}\n${killed.stdout}\n${resumed.stdout}\n${resumed.stderr}`).toMatchObject({ code: 0 });

  const records = [...recordsOf(killed.stdout), ...recordsOf(resumed.stdout)];
  expectNothingDoneTwice(records);
  await expectOneSuccessAStep(fork, records);
  for (const probe of drill.options.acceptance) {
    expect(await fork.world.probe(probe), `${moment.title}: ${probe}`).toMatchObject({ answer: "yes" });
  }
}

async function runKilled(fork: ForkedFarm, drill: Drill, { records, afterMs }: Moment): Promise<OperatorResult> {
  const { args, env } = await secretsOf(fork, drill);
  const kill = new AbortController();
  let seen = 0;
  const onLine = (line: string): void => {
    if (!line.startsWith("{")) return;
    seen += 1;
    if (seen === records) setTimeout(() => kill.abort(), afterMs);
    // What it was to be killed in took less time than it did when it was measured.
    if (seen > records) kill.abort();
  };
  const whole = ["--json", ...recoveryOf(drill), ...args];
  return await fork.run(scriptOf(drill), whole, { env, onLine, signal: kill.signal });
}

const scriptOf = ({ options }: Drill): string => `${options.recovery.runbook.plan.id}.mjs`;

/** What the recovery of a drill is told of the secrets that it asks for, which the farm's administrators keep. */
async function secretsOf(
  { world }: ForkedFarm,
  { options }: Drill,
): Promise<{ readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }> {
  const { secrets } = options.recovery.runbook.plan;
  const variables = secrets.map((name) => ({ name, variable: `KEPT_${name}` }));
  const values = variables.map(async ({ name, variable }) => [variable, await world.secret(name)] as const);
  return {
    args: variables.map(({ name, variable }) => `--secret=${name}=env:${variable}`),
    env: Object.fromEntries(await Promise.all(values)),
  };
}

function recordsOf(stdout: string): readonly JournalRecord[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as JournalRecord);
}

/** No step that was done is begun or done again. */
function expectNothingDoneTwice(records: readonly JournalRecord[]): void {
  const done = new Set<string>();
  for (const record of new Map(records.map((each) => [each.seq, each])).values()) {
    if (record.type === "intent") expect(done, "a completed step was run again").not.toContain(record.step);
    if (record.type !== "done") continue;
    expect(done, "a step was completed twice").not.toContain(record.step);
    done.add(record.step);
  }
  expect(done.size).toBeGreaterThan(0);
}

/** As the targets have it: of all the times that a step was sent, no more than one ended well. */
async function expectOneSuccessAStep(fork: ForkedFarm, records: readonly JournalRecord[]): Promise<void> {
  const sent = records.flatMap((record) => (record.type === "intent" ? [record] : []));
  const hosts = [...new Set(sent.map(({ data }) => data.host))];
  const kept = "find /var/lib/drillbook/runs -name '*.record' -exec grep -l '^exited 0 ' {} + || true";
  const said = await Promise.all(hosts.map((host) => fork.root(host, kept)));
  const succeeded = new Set(
    said.flatMap((text) => text.split("\n")).map((path) => /([^/]+)\.record$/u.exec(path)?.[1]),
  );
  const times = new Map<string, Set<string>>();
  for (const { step, data } of sent) {
    if (!succeeded.has(data.token)) continue;
    times.set(step, (times.get(step) ?? new Set()).add(data.token));
  }
  expect([...times.values()].filter(({ size }) => size > 1)).toEqual([]);
  expect(times.size, "the targets' records of what succeeded were found").toBeGreaterThan(0);
}
