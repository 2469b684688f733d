import { setTimeout as pause } from "node:timers/promises";

/** How long a drill waits for what should come by itself: a probe to turn, a write to be acknowledged. Seconds. */
export const patience = 30;

/** Looks again and again until what is seen is good, or the patience is at its end: then gives what was seen last. */
export async function until<S>(
  look: () => Promise<S>,
  good: (seen: S) => boolean,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<S> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    signal.throwIfAborted();
    if (good(seen) || performance.now() >= deadline) return seen;
    await pause(100, undefined, { signal });
  }
}
