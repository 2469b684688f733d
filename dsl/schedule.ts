import type { Call } from "./drill.ts";
import { badCall, badTimes, tooSeldom } from "./errors.ts";
import { checkIdentifier } from "./identifier.ts";
import type { Param, Plan } from "./plan/plan.ts";

/** A time of the day in UTC: `"03:10"`. */
export type TimeOfDay = `${number}:${number}`;

/** A day of the week, as systemd writes it. */
export type Weekday = (typeof week)[number];
const week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

export interface ScheduleOptions {
  /** The days of the week on which it begins; every day where left out. */
  readonly on?: readonly [Weekday, ...Weekday[]];
  /** When it begins, each of these days. */
  readonly at: readonly [TimeOfDay, ...TimeOfDay[]];
  /** What is run, one after the other. One that fails keeps none of the others from being run. */
  readonly calls: readonly [Call, ...Call[]];
}

/** Calls of runbooks that are made every day, or every week on the same days. */
export interface Schedule {
  readonly kind: "schedule";
  readonly id: string;
  /** The longest time between two of its beginnings, in seconds. */
  readonly apartSeconds: number;
  readonly options: ScheduleOptions;
}

/**
 * Declares a schedule. A file named `*.schedule.ts` exports one, as its default.
 * @throws AuthoringError for a call that cannot be made, and for a backup that would be made more seldom than the data
 *   that may be lost allows
 */
export function schedule(id: string, options: ScheduleOptions): Schedule {
  checkIdentifier("The schedule", id);
  const apart = longestGap(id, options);
  for (const { runbook, params = {} } of options.calls) {
    const { plan } = runbook;
    const wrong = wrongParams(plan, params);
    if (wrong !== undefined) throw badCall(id, plan.id, wrong);
    const { rpoSeconds } = plan.objective;
    if (plan.kind === "backup" && !plan.continuous && apart * 60 > rpoSeconds)
      throw tooSeldom(id, plan.id, apart, rpoSeconds);
  }
  return { kind: "schedule", id, apartSeconds: apart * 60, options };
}

/** The longest time between two beginnings, in minutes. */
function longestGap(id: string, { on, at }: ScheduleOptions): number {
  const times = at.map((time) => {
    const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/u.exec(time) ?? [];
    if (hour === undefined || minute === undefined) throw badTimes(id, time);
    return Number(hour) * 60 + Number(minute);
  });
  const day = 24 * 60;
  const days = week.flatMap((name, index) => (!on || on.includes(name) ? [index * day] : []));
  const sorted = [...new Set(days.flatMap((begin) => times.map((time) => begin + time)))].sort((a, b) => a - b);
  return Math.max(...sorted.map((minute, index) => (sorted[index + 1] ?? (sorted[0] ?? 0) + 7 * day) - minute));
}

function wrongParams(plan: Plan, given: Readonly<Record<string, string>>): string | undefined {
  const strange = Object.keys(given).find((name) => !Object.hasOwn(plan.params, name));
  if (strange !== undefined) return `it has no parameter ${strange}`;
  const missing = Object.entries(plan.params).find(([name, param]) => isRequired(param) && !Object.hasOwn(given, name));
  return missing && `its parameter ${missing[0]} is not given`;
}

function isRequired({ type }: Param): boolean {
  return !("optional" in type);
}
