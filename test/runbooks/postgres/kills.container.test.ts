import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Record as JournalRecord } from "../../../runner/journal/record.ts";
import { drill, postgresFarm, recovery, type ForkedFarm, type PostgresFarm } from "../../support/postgres-farm.ts";

/** How many kills; the nightly sweep asks for more: `DRILLBOOK_KILLS=20 npm test -- kills`. */
const kills = Number(process.env["DRILLBOOK_KILLS"] ?? 2);
const script = "recover-postgres.mjs";
/** About as long as the recovery takes here, so that every part of it is hit: connecting, reads, changes, the end. */
const spreadMs = 7000;

describe("a recovery whose runner is killed", () => {
  let farm: PostgresFarm;

  beforeAll(async () => {
    farm = await postgresFarm();
  });
  afterAll(() => farm?.[Symbol.asyncDispose]());

  test.each(Array.from({ length: kills }, (_, index) => Math.round((spreadMs * (index + Math.random())) / kills)))(
    "after %d ms ends, resumed, in the same world",
    async (afterMs) => {
      await using fork = await farm.fork();
      await fork.world.strike(drill.options.disaster);

      const killed = await fork.run(script, ["--json", ...recovery], { signal: AbortSignal.timeout(afterMs) });
      const first = recordsOf(killed.stdout);
      const resume = first.some(({ type }) => type === "begin") ? ["--resume"] : recovery;
      const resumed = killed.code === 0 ? killed : await fork.run(script, ["--json", ...resume, ...answers]);
      expect(resumed, `${killed.stdout}\n${resumed.stdout}\n${resumed.stderr}`).toMatchObject({ code: 0 });

      const records = killed.code === 0 ? first : [...first, ...recordsOf(resumed.stdout)];
      expectNothingTwice(records);
      await expectEachTokenOnce(fork);
      for (const probe of drill.options.acceptance) {
        expect(await fork.world.probe(probe), probe).toMatchObject({ answer: "yes" });
      }
    },
  );
});

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
