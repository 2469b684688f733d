import { atRunner, atSupervisor, numberOf, pointOf, type Case } from "./cases.ts";
import type { Kill, Point } from "./seat.ts";

/** The kills of one run and of its resumes, in turn. */
export type Chain = readonly Kill[];

/** What is known of the points of one side. */
export interface Side {
  /** Those of a run that nobody kills. */
  readonly points: readonly Point[];
  /** How many a resume comes by that finds nothing left to do. */
  readonly around: number;
}

export type Sides = { readonly [of in Kill["of"]]: Side };

/** How often a run is killed. */
const longest = 8;

/**
 * A chain that begins with `first`. Each kill behind it lies a bit further than the one before, so that all of them are
 * spread over what the run has left to do; one in four strikes a resume that has not come to that yet.
 */
export function chainFrom(first: Case, sides: Sides, seed: number): Chain {
  const random = generator(numberOf(`${seed} ${first.victim} of ${pointOf(first)}`));
  const { points } = sides[first.of];
  let done = points.findIndex(({ name }) => name === first.at) / points.length;
  const rest = Array.from({ length: longest - 1 }, (_, number) => {
    const advance = random() < 1 / 4 ? undefined : (random() * 2 * (1 - done)) / (longest - number);
    done += advance ?? 0;
    // The runner's kit is the faster one, and has no points of the supervisor's.
    const of = first.of === "runner" || random() < 1 / 4 ? "runner" : "supervisor";
    const { points, around } = sides[of];
    const place = advance === undefined ? random() * around : around + advance * (points.length - around);
    return killAt(of, points, Math.min(Math.floor(place), points.length - 1), random());
  });
  return [first, ...rest];
}

/** A kill of a resume at its point of this number; the supervisor's by what happens there. */
function killAt(of: Kill["of"], points: readonly Point[], number: number, drawn: number): Kill {
  const point = points[number] as Point;
  const victims = of === "runner" ? atRunner(point) : atSupervisor(point);
  const { victim } = victims[Math.floor(drawn * victims.length)] as Case;
  if (of === "runner") return { of, victim, at: point.name };
  const times = points.slice(0, number + 1).filter(({ what }) => what === point.what).length;
  return { of, victim, at: `=${times} ${point.what}` };
}

/** A kill in one line, as {@link toldChain} reads it. */
export function tellKill({ of, victim, at }: Kill): string {
  return `${victim} ${of} ${at}`;
}

/** The chain that a report told, a kill a line. */
export function toldChain(text: string): Chain {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.map((line) => {
    const [, victim, of, at] = /^(self|torn|host|connection|runner|late) (runner|supervisor) (.+)$/u.exec(line) ?? [];
    if (at === undefined) throw new Error(`no kill: ${line}`);
    return { victim, of, at } as Kill;
  });
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
