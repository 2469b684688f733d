/** Awaits a condition of the world outside, which tells nobody when it comes true. The test's own timeout ends it. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((again) => setTimeout(again, 10));
}
