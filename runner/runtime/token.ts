import { sha256 } from "../journal/line.ts";

/**
 * The token of an attempt at a step, within its run. It follows from step and number alone, so that a runner that lost
 * its memory of an attempt would send the same token again, which a host never starts twice.
 */
export function tokenOf(step: string, attempt: number): string {
  const [base = "", ...items] = step.split("[");
  const short = base.slice(0, 120);
  const told = items.length > 0 || short !== base ? `-${sha256(step).slice(0, 16)}` : "";
  return `${short}${told}.${attempt}`;
}
