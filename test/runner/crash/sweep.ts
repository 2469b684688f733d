import { join } from "node:path";
import { differences, leftBy, type Expected } from "./differences.ts";
import type { Kit } from "./kit.ts";
import { takeSeat, type Kill, type Point, type Seat } from "./seat.ts";

/** How much is rehearsed, and which part of it. */
export interface Extent {
  /** After so many kills it is enough, */
  readonly kills: number;
  /** or after so many seconds, */
  readonly seconds: number;
  /** but for so many kills. */
  readonly atLeast: number;
  /** Says which of them: the same seed gives the same ones, as far as processes let it. */
  readonly seed: number;
  /** This part of so many. */
  readonly shard: number;
  readonly shards: number;
  readonly seats: number;
}

export interface Tally {
  readonly points: { readonly runner: number; readonly supervisor: number };
  kills: number;
  resumes: number;
  /** Runs that were begun and brought to their end. */
  runs: number;
  /** Kinds of points at which a run was killed first. */
  readonly kinds: Set<string>;
  readonly differences: string[];
}

type Case = Kill & { readonly what: string };

/** Kills runs at their points, each first kill followed by random ones, resumes them, and compares what they leave. */
export async function sweep(kit: Kit, folder: string, extent: Extent): Promise<Tally> {
  const seats = await Promise.all(
    Array.from({ length: extent.seats }, (_, number) => takeSeat(kit, join(folder, `seat-${number}`))),
  );
  await using stack = new AsyncDisposableStack();
  for (const seat of seats) stack.use(seat);
  const [seat] = seats as [Seat];
  const runner = await seat.points(kit.plain, "runner");
  const expected = leftBy(seat);
  seat.forget();
  const supervisor = await seat.points(kit.instrumented, "supervisor");
  const ofRunner = runner.flatMap(atRunner);
  const cases = spread([...ofRunner, ...supervisor.flatMap(atSupervisor)], extent);
  const tally: Tally = {
    points: { runner: runner.length, supervisor: supervisor.length },
    kills: 0,
    resumes: 0,
    runs: 0,
    kinds: new Set(),
    differences: [],
  };
  const next = cases.entries();
  const began = performance.now();
  const enough = (): boolean =>
    tally.kills >= extent.kills || (tally.kills >= extent.atLeast && performance.now() - began > extent.seconds * 1000);
  await Promise.all(
    seats.map(async (each) => {
      for (const [index, first] of next) {
        if (enough()) return;
        const random = generator(extent.seed + index * extent.shards + extent.shard);
        const another = first.of === "runner" ? () => earlyOf(ofRunner, random) : () => comingOf(cases, random);
        await rehearse(each, kit, first, another, expected, tally);
      }
    }),
  );
  return tally;
}

function atRunner({ name, what }: Point): readonly Case[] {
  const torn = what.startsWith("torn");
  const victims = ["self", "host", "connection", ...(torn ? ["torn" as const] : [])] as const;
  return victims.map((victim) => ({ of: "runner", at: name, victim, what: what.replace(/[^ ]*\d.*$/u, "") }));
}

function atSupervisor({ name, what }: Point): readonly Case[] {
  const torn = /> ?"[^"]*"$/u.test(what);
  const victims = ["self", "runner", "host", "late", ...(torn ? ["torn" as const] : [])] as const;
  return victims.map((victim) => ({ of: "supervisor", at: name, victim, what }));
}

/** How often a run is killed, and how often it is resumed without one. */
const most = { kills: 8, resumes: 4 };

async function rehearse(
  seat: Seat,
  kit: Kit,
  first: Case,
  another: () => Case,
  expected: Expected,
  tally: Tally,
): Promise<void> {
  const script = first.of === "runner" ? kit.plain : kit.instrumented;
  const told: string[] = [];
  let late = false;
  seat.forget();
  tally.runs += 1;
  tally.kinds.add(`${first.of} ${first.victim} ${first.what}`);
  for (let call = 0; call < most.kills + most.resumes; call += 1) {
    const kill = call === 0 ? first : call < most.kills ? another() : undefined;
    const { code, killed, said } = await seat.call(script, kill);
    if (killed) tally.kills += 1;
    late ||= killed && kill?.victim === "late";
    if (call > 0) tally.resumes += 1;
    told.push(
      `${kill ? `${kill.victim} ${killed ? "killed" : "missed"} at ${kill.of} ${kill.at} (${kill.what})` : ""}: ${code}`,
    );
    // It stands still with the host's lock in its hand, which a resumed run rightly does not wait for.
    if (late && code === 5) {
      await seat.settle();
      late = false;
      continue;
    }
    // What one kill may bring about: a step that failed, a host that is not reached, an outcome that is not known.
    if ((code === 2 && !seat.isOver()) || code === 5 || said.includes("DB3319")) told.push(said);
    // One that was killed behind its last record is over, and there is nothing to resume.
    if (code !== 0 && !(killed && seat.isOver())) continue;
    // One that is late may still do what it was about to do.
    await seat.settle();
    const found = [...differences(seat, expected), ...told.filter((each) => each.includes("DB"))];
    if (found.length > 0) tally.differences.push([...found, ...told].join("\n  "));
    return;
  }
  await seat.host.crash();
  tally.differences.push(["it does not come to its end", ...told].join("\n  "));
}

/** The cases of a shard, in an order of its own: every kind of point and victim once, before any comes again. */
function spread(cases: readonly Case[], { seed, shard, shards }: Extent): readonly Case[] {
  const random = generator(seed);
  const mixed = cases.map((each) => [random(), each] as const).sort(([a], [b]) => a - b);
  const seen = new Map<string, number>();
  const ranked = mixed.map(([, each]) => {
    const kind = `${each.of} ${each.victim} ${each.what}`;
    const rank = seen.get(kind) ?? 0;
    seen.set(kind, rank + 1);
    return [rank, each] as const;
  });
  const ordered = ranked.sort(([a], [b]) => a - b).map(([, each]) => each);
  return ordered.filter((_, index) => index % shards === shard);
}

/**
 * A kill of a run that was killed before and comes by fewer points: the first ones are those of its beginning, the same
 * for all.
 */
function earlyOf(cases: readonly Case[], random: () => number): Case {
  return cases[Math.floor(random() * random() * cases.length)] as Case;
}

/** The same at points of both sides; the supervisor's by what happens there, which a resumed run comes by again. */
function comingOf(cases: readonly Case[], random: () => number): Case {
  const one = pick(cases, random);
  return one.of === "runner" ? one : { ...one, at: `=${one.what}` };
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
