/**
 * Does something for each item, several at the same time, and waits for all of it. Gives what came of each, in the order
 * of the items; nothing for one that was not begun.
 * @param limit how many are in hand at the same time, at most
 * @param enough asked before each is begun: whether no further one is to be
 */
export async function atOnce<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
  enough: (failures: number) => boolean = () => false,
): Promise<readonly (PromiseSettledResult<R> | undefined)[]> {
  const results: (PromiseSettledResult<R> | undefined)[] = items.map(() => undefined);
  // One iterator for all: each worker takes the next item that nobody has taken.
  const rest = items.entries();
  let failures = 0;
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) {
      const [result] = await Promise.allSettled([work(item)]);
      if (result.status === "rejected") failures += 1;
      results[index] = result;
      if (enough(failures)) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
