import { join } from "node:path";
import { atRunner, atSupervisor, inLayers, pointOf, type Part } from "./cases.ts";
import { chainFrom, tellKill, type Chain, type Side, type Sides } from "./chain.ts";
import { differences, leftBy, type Expected } from "./differences.ts";
import type { Kit } from "./kit.ts";
import { takeSeat, type Kill, type Seat } from "./seat.ts";

/** How much is rehearsed, and which part of it. */
export interface Extent extends Part {
  /** After so many kills it is enough. With as many in all shards as there are points, each point is the first of a chain. */
  readonly kills: number;
  readonly seats: number;
  /** Only this chain, again and again. */
  readonly only?: Chain;
}

export interface Tally {
  readonly points: { readonly [of in Kill["of"]]: number };
  /** Points at which runs are to be killed first, and those at which one was. */
  readonly wanted: number;
  readonly first: Set<string>;
  kills: number;
  resumes: number;
  /** Runs that were begun and brought to their end. */
  runs: number;
  readonly differences: string[];
}

/** Kills runs and their resumes, chain by chain, and compares what each leaves in the end. */
export async function sweep(kit: Kit, folder: string, extent: Extent): Promise<Tally> {
  const { kills, seed, shards, only } = extent;
  const seats = await Promise.all(
    Array.from({ length: extent.seats }, (_, number) => takeSeat(kit, join(folder, `seat-${number}`))),
  );
  await using stack = new AsyncDisposableStack();
  for (const seat of seats) stack.use(seat);
  const { sides, expected } = await looked(seats[0] as Seat, kit);
  const { runner, supervisor } = sides;
  const cases = [...runner.points.flatMap(atRunner), ...supervisor.points.flatMap(atSupervisor)];
  const layers = inLayers(cases, extent);
  const wanted =
    only || kills * shards < runner.points.length + supervisor.points.length ? 0 : (layers[0]?.length ?? 0);
  const tally: Tally = {
    points: { runner: runner.points.length, supervisor: supervisor.points.length },
    wanted,
    first: new Set(),
    kills: 0,
    resumes: 0,
    runs: 0,
    differences: [],
  };
  const chains = only
    ? Array.from({ length: kills }, () => only)
    : layers.flat().map((first) => chainFrom(first, sides, seed));
  const next = chains.entries();
  await Promise.all(
    seats.map(async (seat) => {
      for (const [index, chain] of next) {
        if (index >= wanted && tally.kills >= kills) return;
        await rehearse(seat, kit, chain, expected, tally);
      }
    }),
  );
  return tally;
}

/** Lists the points of a run, and of the resume of one that was killed when only its host's lock was left to give back. */
async function looked(seat: Seat, kit: Kit): Promise<{ readonly sides: Sides; readonly expected: Expected }> {
  const points = await seat.points(kit.plain, "runner");
  const expected = leftBy(seat);
  const last = points.find(({ what }) => what.endsWith("write unlock"));
  if (!last) throw new Error("a run does not give its host's lock back");
  const side = async (of: Kill["of"], script: string): Promise<Side> => {
    seat.forget();
    const all = await seat.points(script, of);
    seat.forget();
    await seat.call(script, { of: "runner", at: last.name, victim: "self" });
    return { points: all, around: (await seat.points(script, of)).length };
  };
  return {
    sides: { runner: await side("runner", kit.plain), supervisor: await side("supervisor", kit.instrumented) },
    expected,
  };
}

/** How often a run that was killed for the last time is resumed. */
const resumes = 4;

async function rehearse(seat: Seat, kit: Kit, chain: Chain, expected: Expected, tally: Tally): Promise<void> {
  const script = chain.every(({ of }) => of === "runner") ? kit.plain : kit.instrumented;
  const told: string[] = [];
  const replay = ["replay:", ...chain.map(tellKill)];
  let late = false;
  seat.forget();
  tally.runs += 1;
  for (let call = 0; call < chain.length + resumes; call += 1) {
    const kill = chain[call];
    const { code, at, said } = await seat.call(script, kill);
    const killed = at !== undefined;
    if (killed) tally.kills += 1;
    if (call === 0 && kill && killed) tally.first.add(pointOf(kill));
    late ||= killed && kill?.victim === "late";
    if (call > 0) tally.resumes += 1;
    told.push(`${kill ? `${tellKill(kill)}${killed ? ` (${at})` : " missed"}` : "not killed"}: ${code}`);
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
    if (found.length > 0) tally.differences.push([...found, ...told, ...replay].join("\n  "));
    return;
  }
  await seat.host.crash();
  tally.differences.push(["it does not come to its end", ...told, ...replay].join("\n  "));
}
