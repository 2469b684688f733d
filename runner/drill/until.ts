import { setTimeout as pause } from "node:timers/promises";

/**
 * Looks again and again until what is seen is good, or the patience is at its end: then gives what was seen last.
 * @param patience seconds
 */
export async function until<S>(
  look: () => Promise<S>,
  good: (seen: S) => boolean,
  { patience, signal }: { readonly patience: number; readonly signal: AbortSignal },
): Promise<S> {
  const deadline = performance.now() + patience * 1000;
  for (;;) {
    const seen = await look();
    signal.throwIfAborted();
    if (good(seen) || performance.now() >= deadline) return seen;
    await pause(100, undefined, { signal });
  }
}
