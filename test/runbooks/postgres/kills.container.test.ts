import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OperatorResult } from "../../../runner/drill/world.ts";
import type { Record as JournalRecord } from "../../../runner/journal/record.ts";
import { drill, postgresFarm, recovery, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";

/** How many kills; the nightly sweep asks for more: `DRILLBOOK_KILLS=20 npm test -- kills`. */
const kills = Number(process.env["DRILLBOOK_KILLS"] ?? 2);
const script = "recover-postgres.mjs";
/** The last records of a recovery come within a moment of its end, when there is nothing left to kill. */
const tail = 4;

/** A moment of a recovery: so long after its nth record. */
interface Moment {
  readonly record: number;
  readonly afterMs: number;
}

describe("a recovery whose runner is killed", () => {
  let farm: PostgresFarm;
  /** When each record of an undisturbed recovery came, in ms from its first. */
  let course: readonly number[];

  beforeAll(async () => {
    farm = await postgresFarm();
    await using fork = await farm.fork();
    await fork.world.strike(drill.options.disaster);
    const { code, stdout } = await fork.run(script, ["--json", ...recovery]);
    expect(code).toBe(0);
    const times = recordsOf(stdout).map(({ at }) => Date.parse(at));
    course = times.map((time) => time - (times[0] ?? time));
  });
  afterAll(() => farm?.[Symbol.asyncDispose]());

  const parts = Array.from({ length: kills }, (_, index) => Number(((index + Math.random()) / kills).toFixed(3)));

  test.each(parts)("at %d of its course ends, resumed, in the same world", async (part) => {
    await using fork = await farm.fork();
    await fork.world.strike(drill.options.disaster);

    const killed = await runKilled(fork, momentOf(course, part));
    expect(killed.code, "it was killed before its end").toBe(137);
    const resumed = await fork.run(script, ["--json", "--resume", ...answers]);
    expect(resumed, `${killed.stdout}\n${resumed.stdout}\n${resumed.stderr}`).toMatchObject({ code: 0 });

    expectNothingTwice([...recordsOf(killed.stdout), ...recordsOf(resumed.stdout)]);
    await expectEachTokenOnce(fork);
    for (const probe of drill.options.acceptance) {
      expect(await fork.world.probe(probe), probe).toMatchObject({ answer: "yes" });
    }
  });
});

/** The moment at a part of the course, from 0 to 1, counted from the record before it: so it is hit at any speed. */
function momentOf(course: readonly number[], part: number): Moment {
  const at = part * (course.at(-tail) ?? 0);
  const record = course.findLastIndex((time) => time <= at);
  return { record, afterMs: at - (course[record] ?? 0) };
}

async function runKilled(fork: ForkedFarm, { record, afterMs }: Moment): Promise<OperatorResult> {
  const kill = new AbortController();
  let seen = -1;
  const onLine = (line: string): void => {
    if (!line.startsWith("{")) return;
    seen += 1;
    if (seen === record) setTimeout(() => kill.abort(), afterMs);
  };
  return await fork.run(script, ["--json", ...recovery], { onLine, signal: kill.signal });
}

const answers = recovery.filter((argument) => argument.startsWith("--answer"));

function recordsOf(stdout: string): readonly JournalRecord[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as JournalRecord);
}

/** No step that was done is begun or done again. */
function expectNothingTwice(records: readonly JournalRecord[]): void {
  const done = new Set<string>();
  for (const record of new Map(records.map((each) => [each.seq, each])).values()) {
    if (record.type === "intent") expect(done, "a completed step was run again").not.toContain(record.step);
    if (record.type !== "done") continue;
    expect(done, "a step was completed twice").not.toContain(record.step);
    done.add(record.step);
  }
  expect(done.size).toBeGreaterThan(0);
}

/** On the targets: no step was started under two tokens unless the first left no outcome of 0. */
async function expectEachTokenOnce(fork: ForkedFarm): Promise<void> {
  for (const host of ["db1", "backup1"]) {
    const spools = await fork.root(
      host,
      "find /var/lib/drillbook -mindepth 2 -maxdepth 2 -type d -printf '%f\\n' | sort",
    );
    const tokens = spools.split("\n").filter((line) => line !== "");
    expect(new Set(tokens).size).toBe(tokens.length);
  }
}
