import { badShard } from "./errors.ts";

/**
 * One part of a list, so that several machines do it all between them: `2/3` is the second of three. The parts differ
 * by one at most; with more parts than items some are empty.
 * @throws DrillError DB4007
 */
export function shardOf<T>(items: readonly T[], shard: string): readonly T[] {
  const [part = 0, parts = 0] = (/^(\d+)\/(\d+)$/u.exec(shard) ?? []).slice(1).map(Number);
  if (part < 1 || part > parts) throw badShard(shard);
  return items.filter((_, index) => index % parts === part - 1);
}
