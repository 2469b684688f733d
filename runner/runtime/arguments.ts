import { parseArgs } from "node:util";
import type { Back } from "../journal/meant.ts";
import { nearest } from "../nearest.ts";
import {
  missingOption,
  notAPair,
  noSuchSecret,
  notTogether,
  optionTwice,
  optionWithoutValue,
  strayArgument,
  unknownOption,
} from "./call-errors.ts";
import { markWrong } from "./mark-errors.ts";
import { optionsOf, type Option } from "./options.ts";
import type { ScriptHead } from "./script-api.ts";

/** How a script was called. Nothing here is checked against types or the binding yet. */
export interface Call {
  readonly mode: Mode;
  /** The run that is gone on with or taken back, where one is named. */
  readonly run?: string;
  readonly binding?: string;
  readonly state?: string;
  readonly breakLock?: string;
  /** Go on with this script, though the run began with another. */
  readonly adopt: boolean;
  /** Pause before each change. */
  readonly step: boolean;
  /** Id of the step after which to stop. */
  readonly until?: string;
  /** A command of the operator's, to be run when something happened. */
  readonly notify?: string;
  /** The host that the record is copied to, and the one that it is taken from. */
  readonly mirror?: string;
  readonly from?: string;
  /** What was done by hand. */
  readonly mark?: Mark;
  readonly json: boolean;
  /** Lines only, also on a terminal. */
  readonly plain: boolean;
  readonly verbose: boolean;
  /** Parameters as they were given, by name. */
  readonly params: ReadonlyMap<string, string>;
  /** By step id. */
  readonly answers: ReadonlyMap<string, string>;
  /** Where each is, by the secret's name. */
  readonly secrets: ReadonlyMap<string, string>;
}

type Mode = "help" | "outline" | "versions" | "plan" | "run" | "resume" | "undo" | "mark";

/** A step that a person has done, or seen not to have happened. */
export interface Mark {
  readonly step: string;
  readonly as: "done" | "not-done";
  readonly why: string;
  readonly value?: string;
}

/** Those that exclude each other. */
const modes = ["outline", "versions", "plan", "resume", "undo"] as const;

/** The options whose value may be left out: a run. */
const ofRun: readonly string[] = ["resume", "undo"];

/** As an operator would name it: of a run that was begun, what is wanted of it. */
export function backOf({ mode }: Pick<Call, "mode">): Back {
  return mode === "undo" ? "--undo" : "--resume";
}

/** Reads the arguments. @throws RunError DB3002 to DB3005, DB3007, DB3008, DB3015, DB3024 */
export function parseCall(head: ScriptHead, argv: readonly string[]): Call {
  const options = optionsOf(head);
  const { given, run } = collect(options, argv);
  const one = (name: string): string | undefined => given.get(name)?.[0];
  const has = (name: string): boolean => given.has(name);
  const [mode = "run", another] = modes.filter(has);
  if (has("mark") && has("plan")) throw notTogether("--mark", "--plan");
  for (const other of ["step", "until"]) if (has("plan") && has(other)) throw notTogether("--plan", `--${other}`);
  if (another) throw notTogether(`--${mode}`, `--${another}`);
  if (has("adopt") && mode !== "resume") throw missingOption("--resume", "[RUN]", "--adopt goes on with a run");
  if (has("from") && mode !== "resume" && mode !== "undo")
    throw missingOption("--resume", "[RUN]", "--from takes over a run that was begun");
  for (const other of ["why", "value"])
    if (has(other) && !has("mark")) throw missingOption("--mark", "STEP=done", `--${other} says more of a mark`);
  const texts = Object.keys(head.params).flatMap((name) => {
    const values = given.get(name);
    return values ? [[name, values.join("\n")] as const] : [];
  });
  const optional = {
    run,
    binding: one("binding"),
    state: one("state"),
    breakLock: one("break-lock"),
    mirror: one("mirror"),
    from: one("from"),
    until: one("until"),
    notify: one("notify") ?? (process.env["DRILLBOOK_NOTIFY"] || undefined),
  };
  return {
    mode: has("help") ? "help" : has("mark") ? "mark" : mode,
    ...(has("mark") && { mark: markOf(given) }),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Call>),
    adopt: has("adopt"),
    step: has("step"),
    json: has("json"),
    plain: has("plain"),
    verbose: has("verbose"),
    params: new Map(texts),
    answers: pairs("--answer", given.get("answer")),
    secrets: secretsOf(head, given.get("secret")),
  };
}

interface Collected {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly run: string | undefined;
}

function collect(options: readonly Option[], argv: readonly string[]): Collected {
  const given = new Map<string, string[]>();
  let run: string | undefined;
  let last: string | undefined;
  for (const token of tokensOf(options, argv)) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      // A word right behind an option whose value may be left out is its value.
      if (last === undefined || !ofRun.includes(last) || run !== undefined) throw strayArgument(token.value);
      run = token.value;
      continue;
    }
    const option = known(options, token.name, token.rawName);
    if (option.value && token.value === undefined) throw optionWithoutValue(token.rawName, option.value);
    if (!option.value && token.value !== undefined && !ofRun.includes(option.name)) throw strayArgument(token.value);
    const before = given.get(option.name);
    if (before && !option.repeatable) throw optionTwice(token.rawName);
    given.set(option.name, [...(before ?? []), token.value ?? ""]);
    if (ofRun.includes(option.name)) run = token.value;
    last = option.name;
  }
  return { given, run };
}

function tokensOf(options: readonly Option[], argv: readonly string[]) {
  const shape = options.map(({ name, value }) => [name, { type: value ? "string" : "boolean" }] as const);
  const aliased = argv.map((each) => (each === "-h" ? "--help" : each));
  const parsed = parseArgs({
    args: aliased,
    options: Object.fromEntries(shape),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return parsed.tokens;
}

function known(options: readonly Option[], name: string, raw: string): Option {
  const option = options.find((each) => each.name === name);
  if (option) return option;
  const near = nearest(
    name,
    options.map((each) => each.name),
  );
  throw unknownOption(raw, near && `--${near}`);
}

function markOf(given: ReadonlyMap<string, readonly string[]>): Mark {
  const [marked] = pairs("--mark", given.get("mark"));
  const [step = "", as] = marked ?? [];
  if (as !== "done" && as !== "not-done") throw markWrong(`a step is done or not-done, not ${JSON.stringify(as)}`);
  const why = given.get("why")?.[0]?.trim();
  if (!why) throw markWrong("--why is missing");
  const value = given.get("value")?.[0];
  return { step, as, why, ...(value !== undefined && { value }) };
}

function secretsOf({ secrets }: ScriptHead, given: readonly string[] | undefined): ReadonlyMap<string, string> {
  const sources = pairs("--secret", given);
  for (const name of sources.keys())
    if (!secrets.includes(name)) throw noSuchSecret(name, nearest(name, secrets), secrets);
  return sources;
}

function pairs(option: string, given: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    given.map((each) => {
      // The last step id ends with `]` where a loop's item stands in it, and that item may hold an equals sign.
      const at = each.indexOf("=", each.indexOf("]=") + 1);
      if (at < 1) throw notAPair(option, each);
      return [each.slice(0, at), each.slice(at + 1)] as const;
    }),
  );
}
