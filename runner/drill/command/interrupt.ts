/**
 * Aborts at the first interrupt, so that what was begun can be put away; the second ends the process as it stands.
 * Gives the signal; disposing of it takes the listener off again.
 */
export function onInterrupt(tell: () => void): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const interrupt = (): void => {
    tell();
    controller.abort();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
