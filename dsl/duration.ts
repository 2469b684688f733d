import { badDuration } from "./errors.ts";

/** A span as an author writes it: `"90s"`, `"15m"`, `"24h"`, `"30d"`. */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

const secondsOf = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A duration in whole seconds. */
export function toSeconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/u.exec(duration);
  const unit = match?.[2] as keyof typeof secondsOf | undefined;
  if (!match || !unit) throw badDuration(duration);
  return Math.round(Number(match[1]) * secondsOf[unit]);
}
