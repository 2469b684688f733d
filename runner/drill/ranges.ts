/** A run of consecutive numbers, both ends included. */
export type Range = readonly [from: number, to: number];

/** The numbers as runs, in order; a number given twice counts once. */
export function toRanges(numbers: Iterable<number>): readonly Range[] {
  const ranges: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

/** `3, 7–12`. */
export function showRanges(ranges: readonly Range[]): string {
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}
