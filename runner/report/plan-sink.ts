import type { Answer, Value } from "../journal/record.ts";
import { harmless, oneLine, styleOf, type Style } from "./style.ts";
import { span, valueText } from "./words.ts";

/** A value as a plan knows it: what it is, or the title of the change after which it can be known. */
export type PlannedValue = { readonly value: Value } | { readonly knownAfter: string };

export interface HeldGuard {
  readonly title: string;
  readonly answer: Answer;
  readonly detail: string;
}

interface Named {
  readonly id: string;
  readonly title: string;
  /** How many branches and loops it stands in. */
  readonly depth: number;
}

interface Timed {
  /** How long it took in the last drill; in a loop, all its items together. */
  readonly expectedSeconds?: number;
}

/** A condition that nobody can tell yet. */
interface Awaited {
  readonly knownAfter: string;
  /** The values that it depends on, by the names that commands have for them. */
  readonly waitsFor: readonly string[];
}

/** A line of a plan: what a run would do now. */
export type Planned =
  | (Named & Timed & { readonly planned: "read"; readonly host: string; readonly gives: PlannedValue })
  | (Named &
      Timed & {
        readonly planned: "change";
        readonly host: string;
        readonly as?: string;
        readonly command: string;
        readonly values: Readonly<Record<string, PlannedValue>>;
        readonly effect: "idempotent" | "once";
        readonly state: "in effect already" | "would run" | "cannot tell";
        readonly detail?: string;
        readonly guards: readonly string[];
        /** What the guards say now, where it is the first change that would run: later ones may hold by then. */
        readonly held?: readonly HeldGuard[];
        /** `host asset` of what it would take away. */
        readonly destroys: readonly string[];
        /** The first that would: after it, undoing brings back only what it leaves. */
        readonly pointOfNoReturn?: true;
      })
  | (Named & { readonly planned: "confirm"; readonly evidence: Readonly<Record<string, PlannedValue>> })
  | (Named & { readonly planned: "when"; readonly answer: "yes" | "no" | Awaited })
  /** The lines that follow, one deeper, stand in this branch of a condition that is not known yet. */
  | (Named & { readonly planned: "branch"; readonly taken: "if yes" | "if no" })
  | (Named & { readonly planned: "for-each"; readonly list: PlannedValue })
  | (Named & {
      readonly planned: "on-each";
      readonly atOnce: number;
      /** What would be done on each host, one deeper. */
      readonly each: readonly { readonly host: string; readonly lines: readonly Planned[] }[];
    });

export type PlanSink = (line: Planned) => void;

/** Lines of JSON; those of many hosts follow the line that names the hosts. */
export const jsonPlan: PlanSink = (line) => {
  if (line.planned !== "on-each") {
    process.stdout.write(`${JSON.stringify({ v: 1, ...line })}\n`);
    return;
  }
  const { each, ...rest } = line;
  process.stdout.write(`${JSON.stringify({ v: 1, ...rest, hosts: each.map(({ host }) => host) })}\n`);
  for (const { lines } of each) for (const inner of lines) jsonPlan(inner);
};

/** Lines for a person; what destroys stands out. */
export function plainPlan(): PlanSink {
  const style = styleOf(process.stdout);
  const known = (value: PlannedValue, room: number): string =>
    "value" in value ? oneLine(harmless(valueText(value.value)), room) : style.dim(`known after "${value.knownAfter}"`);
  const valued = (values: Readonly<Record<string, PlannedValue>>): readonly string[] =>
    Object.entries(values).map(([name, value]) => `${name} = ${known(value, style.columns - name.length - 12)}`);

  const lines: { readonly [P in Planned["planned"]]: (line: Extract<Planned, { planned: P }>) => readonly string[] } = {
    read: (line) => [
      `look     ${line.host}: ${line.title}${about(line)}`,
      `         ${known(line.gives, style.columns - 12)}`,
    ],
    change: (line) => [
      `change   ${line.host}: ${style.bold(line.title)}${line.as === undefined ? "" : ` as ${line.as}`}${about(line)}`,
      ...(line.pointOfNoReturn ? [`         ${style.bad("POINT OF NO RETURN")}`] : []),
      ...line.destroys.map((each) => `         ${style.bad(`DESTROYS ${each}`)}`),
      `         ${stateOf(line, style)}`,
      ...line.guards.map((guard) => `         if ${guard}${heldNow(line, guard)}`),
      ...line.command.split("\n").map((text) => `         ${style.dim("$")} ${text}`),
      ...valued(line.values).map((text) => `           ${text}`),
    ],
    confirm: ({ title, evidence }) => [
      `ask      ${style.bold(title)}`,
      ...valued(evidence).map((text) => `         ${text}`),
    ],
    when: ({ title, answer }) => [
      `when     ${title}: ${typeof answer === "string" ? answer : style.dim(awaited(answer))}`,
    ],
    branch: ({ taken }) => [`${taken}:`],
    "for-each": ({ title, list }) => [`for each ${title}: ${"value" in list ? count(list.value) : known(list, 0)}`],
    "on-each": ({ title, each, atOnce, depth }) => [
      `on each  ${title}: ${hosts(each.length)}, ${Math.min(atOnce, each.length)} at the same time`,
      ...alike(each).flatMap(([names, inner]) => [
        `  ${names.join(", ")}:`,
        ...inner.flatMap((line) => placed(line).map((text) => `  ${text.slice(2 * depth)}`)),
      ]),
    ],
  };
  const placed = (line: Planned): readonly string[] => {
    const render = lines[line.planned] as (line: Planned) => readonly string[];
    return render(line).map((text) => `${"  ".repeat(line.depth)}${text}`);
  };
  const about = ({ expectedSeconds }: Timed): string =>
    expectedSeconds === undefined ? "" : style.dim(` (about ${span(expectedSeconds)})`);
  return (line) => {
    for (const text of placed(line)) process.stdout.write(`${text}\n`);
  };
}

type Each = Extract<Planned, { planned: "on-each" }>["each"];

/** Hosts of which the same would be told, together, with what that is. */
function alike(each: Each): readonly (readonly [hosts: readonly string[], lines: readonly Planned[]])[] {
  const told = new Map<string, { readonly hosts: string[]; readonly lines: readonly Planned[] }>();
  for (const { host, lines } of each) {
    const general = lines.map((line) => ofAny(line, host));
    const key = JSON.stringify(general);
    const same = told.get(key);
    if (same) told.set(key, { hosts: [...same.hosts, host], lines: general });
    else told.set(key, { hosts: [host], lines });
  }
  return [...told.values()].map((same) => [same.hosts, same.lines]);
}

/** A line that does not name its host: what it says holds of any of them. */
function ofAny(line: Planned, host: string): Planned {
  const anywhere = (text: string): string =>
    text
      .split(" ")
      .map((word) => (word === host ? "each" : word))
      .join(" ");
  const general = JSON.stringify(line, (key, value: unknown) => {
    if (key === "guards" || key === "destroys") return (value as readonly string[]).map(anywhere);
    return (key === "host" || key === "value") && value === host ? "each" : value;
  });
  return JSON.parse(general) as Planned;
}

function hosts(number: number): string {
  return `${number} ${number === 1 ? "host" : "hosts"}`;
}

function stateOf({ state, effect, detail, destroys }: Extract<Planned, { planned: "change" }>, style: Style): string {
  if (state !== "in effect already") return detail ? `${state}: ${detail}` : state;
  if (destroys.length > 0) return `${style.good(state)}; ${style.bad("a new run destroys once more")}`;
  const again = effect === "once" ? style.bad("a new run does it once more") : "doing it again does no harm";
  return `${style.good(state)}; ${again}`;
}

function awaited({ knownAfter, waitsFor }: Awaited): string {
  return `depends on ${waitsFor.map((name) => `$${name}`).join(", ")}, known after "${knownAfter}"`;
}

function count(list: Value): string {
  const items = Array.isArray(list) ? list.length : 0;
  return `${items} ${items === 1 ? "item" : "items"}`;
}

/** What a guard says now, where it does not hold. */
function heldNow({ held }: Extract<Planned, { planned: "change" }>, guard: string): string {
  const now = held?.find(({ title }) => title === guard);
  return !now || now.answer === "yes" ? "" : now.answer === "no" ? ": it does not hold now" : ": it cannot be told now";
}
