/**
 * Brings an interrupt to the drill that runs in one of vitest's threads. Cancelling vitest's run would end the thread
 * before it has removed its machines.
 */
const channel = "drillbook-interrupt";

/** In the command: tells every drill that is running, or that begins. */
export function passOn(signal: AbortSignal): Disposable {
  const drills = new BroadcastChannel(channel);
  const tell = (): void => {
    if (signal.aborted) drills.postMessage("interrupted");
  };
  drills.addEventListener("message", tell);
  signal.addEventListener("abort", tell);
  return {
    [Symbol.dispose]() {
      signal.removeEventListener("abort", tell);
      drills.close();
    },
  };
}

/** In a drill's thread: aborts when the command was interrupted. */
export function passedOn(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const command = new BroadcastChannel(channel);
  command.addEventListener("message", () => controller.abort());
  command.postMessage("begun");
  return { signal: controller.signal, [Symbol.dispose]: () => command.close() };
}

/** Does something that puts listeners on the process's signals, and takes those off: vitest would leave at once. */
export async function ownSignals<R>(body: () => Promise<R>): Promise<R> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const result = await body();
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.off(signal, listener);
    }
  });
  return result;
}
