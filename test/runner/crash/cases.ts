import { createHash } from "node:crypto";
import type { Kill, Point } from "./seat.ts";

/** A kill at a point of a run that nobody killed before. */
export type Case = Kill & { readonly what: string };

/** Which cases: the same seed gives the same order, and a shard is one part of so many. */
export interface Part {
  readonly seed: number;
  readonly shard: number;
  readonly shards: number;
}

export function atRunner({ name, what }: Point): readonly Case[] {
  const torn = what.startsWith("torn");
  const victims = ["self", "host", "connection", ...(torn ? ["torn" as const] : [])] as const;
  return victims.map((victim) => ({ of: "runner", at: name, victim, what: what.replace(/[^ ]*\d.*$/u, "") }));
}

export function atSupervisor({ name, what }: Point): readonly Case[] {
  const torn = /> ?"[^"]*"$/u.test(what);
  const victims = ["self", "runner", "host", "late", ...(torn ? ["torn" as const] : [])] as const;
  return victims.map((victim) => ({ of: "supervisor", at: name, victim, what }));
}

/**
 * The cases of a part in layers: every point once, with one of its victims, before any point comes again; and in a layer
 * every kind of point and victim, before any kind comes again. Names decide, not places in the list: no two machines
 * list quite the same points.
 */
export function inLayers(cases: readonly Case[], { seed, shard, shards }: Part): readonly (readonly Case[])[] {
  const own = cases.filter((each) => numberOf(`${seed} ${pointOf(each)}`) % shards === shard);
  const drawn = own.map((each) => [numberOf(`${seed} ${each.victim} ${pointOf(each)}`), each] as const);
  const mixed = drawn.sort(([a], [b]) => a - b).map(([, each]) => each);
  return byRank(mixed, pointOf).map((layer) =>
    byRank(layer, ({ of, victim, what }) => `${of} ${victim} ${what}`).flat(),
  );
}

/** The point of a case, by its side and name. */
export function pointOf({ of, at }: Kill): string {
  return `${of} ${at}`;
}

/** The first of each kind, then the second ones, and so on. */
function byRank(cases: readonly Case[], kind: (each: Case) => string): readonly (readonly Case[])[] {
  const ranks: Case[][] = [];
  const seen = new Map<string, number>();
  for (const each of cases) {
    const rank = seen.get(kind(each)) ?? 0;
    seen.set(kind(each), rank + 1);
    (ranks[rank] ??= []).push(each);
  }
  return ranks;
}

/** Makes a whole number of a text, the same one everywhere. */
export function numberOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32LE();
}
