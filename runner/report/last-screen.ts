import { span, wrap } from "./words.ts";

/** What the last screen of a run is made from. */
export interface Ending {
  /** Folder of the run's records. */
  readonly folder: string;
  /** What stopped it; absent when it is complete. */
  readonly error?: string;
  /** Every step on record, in the order in which they were first heard of. */
  readonly steps: readonly EndedStep[];
  /** `host asset` of everything that a change of this run was sent to destroy. */
  readonly destroyed: readonly string[];
  /** The hosts that stay claimed. */
  readonly locked: readonly string[];
  /** Where the record was to be mirrored to and is not any more, with why. */
  readonly mirrorLost?: string;
  /** Digest of the last record, to be kept elsewhere. */
  readonly head: string;
  /** How long this process took. */
  readonly seconds: number;
  /** Since the run was begun, and what its objective allows. */
  readonly goneSeconds: number;
  readonly objectiveSeconds: number;
  readonly next: readonly Next[];
  /** Width of the window. */
  readonly columns: number;
}

/** A command that is safe to type next, whole, and what it does. */
export interface Next {
  readonly command: string;
  readonly what: string;
}

/** A step as the records leave it. */
export interface EndedStep {
  /** Its title without items, and its host where that is known. */
  readonly title: string;
  readonly host?: string;
  readonly outcome: "complete" | "in effect" | "failed" | "not known" | "not begun";
}

/** What is known, what is not, what the farm is like now, and what to do next. */
export function lastScreen(ending: Ending): string {
  const { error, steps } = ending;
  const complete = steps.filter(({ outcome }) => outcome === "complete" || outcome === "in effect").length;
  if (error === undefined) {
    const objective = span(ending.objectiveSeconds);
    const late = ending.goneSeconds > ending.objectiveSeconds ? `, past its objective of ${objective}` : "";
    return [
      "",
      `Complete: ${complete} steps in ${span(ending.seconds)}${late}.`,
      ...rows(ending, [
        ...destroyedRow(ending),
        ["Records", ending.folder],
        ...mirrorRow(ending),
        ["Head", ending.head],
      ]),
      "",
    ].join("\n");
  }
  return [
    "",
    error,
    "",
    ...rows(ending, [
      ["Complete", complete === 0 ? "nothing" : `${complete} steps`],
      ...labelled("In effect", named(steps, "in effect"), "no change of this run"),
      ...labelled("Failed", named(steps, "failed"), undefined, "; a part of it may have been done"),
      ...labelled("Not known", named(steps, "not known"), undefined, "; it may have been done, whole or in part"),
      ...destroyedRow(ending),
      ...heldRow(ending),
      ["Time", timeWords(ending)],
      ["Records", ending.folder],
      ...mirrorRow(ending),
      ["Head", ending.head],
    ]),
    ...(ending.next.length > 0 ? ["", "What you can safely do now:"] : []),
    // A command is one line, however long: only so it can be copied whole.
    ...ending.next.flatMap(({ command, what }) => [
      `  ${command}`,
      ...wrap(what, ending.columns - 6).map((line) => `      ${line}`),
    ]),
    "",
  ].join("\n");
}

type Row = readonly [label: string, text: string];

const widest = "Not known:".length + 1;

function rows({ columns }: Ending, all: readonly Row[]): readonly string[] {
  return all.flatMap(([label, text]) =>
    wrap(text, columns - widest).map(
      (line, index) => `${(index === 0 && label ? `${label}:` : "").padEnd(widest)}${line}`,
    ),
  );
}

/** A row for each, the label at the first. */
function labelled(label: string, names: readonly string[], none: string | undefined, more = ""): readonly Row[] {
  if (names.length === 0) return none === undefined ? [] : [[label, none]];
  return names.map((name, index) => [index === 0 ? label : "", `${name}${more}`]);
}

/** Steps of an outcome, those of a loop together. */
function named(steps: readonly EndedStep[], wanted: EndedStep["outcome"]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { title, host, outcome } of steps) {
    if (outcome !== wanted) continue;
    const name = host === undefined ? title : `${title} (${host})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name}, for ${count} items`));
}

function destroyedRow({ error, destroyed }: Ending): readonly Row[] {
  if (destroyed.length === 0)
    return error === undefined ? [] : [["Destroyed", "nothing: no data was given up by this run"]];
  const what = `${destroyed.join(", ")} (by this run)`;
  return [["Destroyed", error === undefined ? what : `${what}; what was there before does not come back by itself`]];
}

function heldRow({ locked }: Ending): readonly Row[] {
  if (locked.length === 0) return [];
  return [["Held", `${locked.join(", ")}, until this run is complete or declared abandoned`]];
}

function mirrorRow({ mirrorLost }: Ending): readonly Row[] {
  return mirrorLost === undefined ? [] : [["Mirror", `lost, ${mirrorLost}`]];
}

/** How long ago a run was begun, and what that leaves of its objective. */
export function timeWords({ goneSeconds, objectiveSeconds }: Pick<Ending, "goneSeconds" | "objectiveSeconds">): string {
  const left = objectiveSeconds - goneSeconds;
  const gone = `${span(Math.round(goneSeconds))} since this run began`;
  return left >= 0
    ? `${gone}; ${span(Math.round(left))} left of the objective of ${span(objectiveSeconds)}`
    : `${gone}; the objective of ${span(objectiveSeconds)} is passed by ${span(Math.round(-left))}`;
}
