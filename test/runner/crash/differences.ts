import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { secret, type Seat } from "./seat.ts";

/** What is known of a run that nobody interrupted, to compare others with. */
export interface Expected {
  /** Files that the runbook made, but for its log. */
  readonly made: string;
  readonly effects: readonly string[];
  /** Steps with what became of them. */
  readonly outcomes: readonly string[];
}

/** Effects that may come about a second time where their outcome was lost. */
const idempotent = new Set(["effect room", "effect moment", "effect login"]);

/** What a complete run left behind. */
export function leftBy(seat: Seat): Expected {
  const outcomes = seat.records().flatMap((record) => {
    if (record.type === "done" || record.type === "read") return [`${record.type} ${record.step}`];
    return record.type === "confirm" ? [`${record.data.answer} ${record.step}`] : [];
  });
  return { made: made(seat), effects: lines(seat).filter((line) => line.startsWith("effect")), outcomes };
}

/** How a complete run differs from one that nobody interrupted; nothing where it does not. */
export function differences(seat: Seat, expected: Expected): readonly string[] {
  const left = leftBy(seat);
  const end = seat.records().at(-1);
  const once = (effects: readonly string[]): readonly string[] => effects.filter((each) => !idempotent.has(each));
  return [
    ...differing("what was made", left.made, expected.made),
    ...differing("effects", [...new Set(left.effects)], [...new Set(expected.effects)]),
    ...differing("effects that come about once", once(left.effects), once(expected.effects)),
    ...differing("outcomes on record", left.outcomes, expected.outcomes),
    ...differing("its end", end?.type === "end" ? end.data.verdict : end?.type, "completed"),
    ...startedTooOften(seat),
    ...leftOver(seat),
  ];
}

/** A token starts a command once. */
function startedTooOften(seat: Seat): readonly string[] {
  const tokens = new Map<string, Set<string>>();
  for (const record of seat.records()) {
    if (record.type === "intent")
      tokens.set(record.step, (tokens.get(record.step) ?? new Set()).add(record.data.token));
  }
  const began = lines(seat).filter((line) => line.startsWith("began"));
  return [...tokens].flatMap(([step, { size }]) => {
    const times = began.filter((line) => stepOf(line) === step).length;
    return times > size ? [`${step} was started ${times} times under ${size} tokens`] : [];
  });
}

const steps: Readonly<Record<string, string>> = {
  room: "make-room",
  moment: "keep-the-moment",
  login: "log-in",
  tell: "publish.tell",
  drop: "drop-the-old-one",
};

function stepOf(line: string): string {
  const [, what = "", ...name] = line.split(" ");
  return what === "note" ? `note[${name.join(" ")}]` : (steps[what] ?? "");
}

/** Claims of the run on its host, and the secret anywhere but in its own file. */
function leftOver({ host, runs }: Seat): readonly string[] {
  const claims = [host.state, host.live].map((folder) => join(folder, "claim")).filter((file) => existsSync(file));
  const secrets = [host.state, host.live, runs].flatMap(files).filter((file) => readFileSync(file).includes(secret));
  return [...claims.map((file) => `${file} is left`), ...secrets.map((file) => `the secret is in ${file}`)];
}

export function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file) && statSync(file).isFile());
}

function made({ work }: Seat): string {
  const names = readdirSync(work).filter((name) => name !== "log");
  return names
    .sort()
    .map((name) => `${name}: ${readFileSync(join(work, name), "utf8")}`)
    .join("");
}

function lines({ work }: Seat): readonly string[] {
  return readFileSync(join(work, "log"), "utf8").trimEnd().split("\n");
}

function differing(what: string, is: unknown, was: unknown): readonly string[] {
  const [now, before] = [is, was].map((each) => JSON.stringify(each));
  return now === before ? [] : [`${what}: ${now}, and ${before} without a kill`];
}
