import type { Begin } from "../journal/record.ts";
import { canonical } from "../../dsl/plan/canonical.ts";
import { otherRun } from "./run-errors.ts";

/** Holds a call to the run that it wants to resume. @throws RunError DB3312 naming every difference */
export function checkSame(run: string, was: Begin, is: Begin): void {
  const differences = [
    ...differing("script", was.script, is.script),
    ...differing("runtime", was.runtime, is.runtime),
    ...differing("plan", was.plan, is.plan),
    ...members("parameter", was.params, is.params),
    ...members("role or host keys of", was.pins, is.pins),
  ];
  if (differences.length > 0) throw otherRun(run, differences);
}

function differing(what: string, was: string, is: string): readonly string[] {
  return was === is ? [] : [`${what}: begun with ${short(was)}, now ${short(is)}`];
}

function members(
  what: string,
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].sort().flatMap((name) => {
    const [before, now] = [was[name], is[name]].map((each) => (each === undefined ? "nothing" : canonical(each)));
    return differing(`${what} ${name}`, before ?? "", now ?? "");
  });
}

function short(text: string): string {
  return /^[0-9a-f]{64}$/u.test(text) ? text.slice(0, 12) : text;
}
