import type { Value } from "../journal/record.ts";

/** Seconds as a clock shows them: `0:07`, `1:02:33`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (part: number): string => String(part).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A span as a person says it: `0.4 s`, `2 min 5 s`, `1 h 30 min`, `2 d`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ];
  const said = parts.filter(([count]) => count > 0).slice(0, 2);
  return said.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** A value for a person. */
export function valueText(value: Value): string {
  if (value === null) return "(nothing)";
  if (Array.isArray(value)) return value.length === 0 ? "(an empty list)" : value.map(valueText).join(", ");
  return value === "" ? "(empty)" : String(value);
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w/.:=@%+,-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A text in lines of at most so many columns, broken between words. */
export function wrap(text: string, columns: number): readonly string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
    return lines;
  }, []);
}
