/** `0.4 s`, `12 s`, `3 min 05 s`, `24 h`: a span for a person. */
export function showSeconds(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours === 0) return rest === 0 ? `${minutes} min` : `${minutes} min ${padded(rest)} s`;
  return minutes === 0 ? `${hours} h` : `${hours} h ${padded(minutes)} min`;
}

/** `mm:ss`, for a clock that runs. */
export function showClock(seconds: number): string {
  return `${padded(Math.floor(seconds / 60))}:${padded(Math.floor(seconds % 60))}`;
}

/** `512 B`, `42 MiB`, `1.5 GiB`. */
export function showBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** unit;
  return `${value < 10 && unit > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

const padded = (number: number): string => String(number).padStart(2, "0");
