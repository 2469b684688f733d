import { parseArgs } from "node:util";
import { nearest } from "../nearest.ts";
import { notAPair, notTogether, optionTwice, optionWithoutValue, strayArgument, unknownOption } from "./call-errors.ts";
import { optionsOf, type Option } from "./options.ts";
import type { ScriptHead } from "./script-api.ts";

/** How a script was called. Nothing here is checked against types or the binding yet. */
export interface Call {
  readonly mode: "help" | "plan" | "run" | "resume";
  /** The run to resume, where one is named. */
  readonly resume?: string;
  readonly binding?: string;
  readonly state?: string;
  readonly breakLock?: string;
  /** Pause before each change. */
  readonly step: boolean;
  /** Id of the step after which to stop. */
  readonly until?: string;
  /** A command of the operator's, to be run when something happened. */
  readonly notify?: string;
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

/** Reads the arguments. @throws RunError DB3002 to DB3004, DB3007, DB3008, DB3015 */
export function parseCall(head: ScriptHead, argv: readonly string[]): Call {
  const options = optionsOf(head);
  const { given, resume } = collect(options, argv);
  const one = (name: string): string | undefined => given.get(name)?.[0];
  const has = (name: string): boolean => given.has(name);
  for (const other of ["resume", "step", "until"]) {
    if (has("plan") && has(other)) throw notTogether("--plan", `--${other}`);
  }
  const texts = Object.keys(head.params).flatMap((name) => {
    const values = given.get(name);
    return values ? [[name, values.join("\n")] as const] : [];
  });
  const optional = {
    resume,
    binding: one("binding"),
    state: one("state"),
    breakLock: one("break-lock"),
    until: one("until"),
    notify: one("notify") ?? (process.env["DRILLBOOK_NOTIFY"] || undefined),
  };
  return {
    mode: has("help") ? "help" : has("plan") ? "plan" : has("resume") ? "resume" : "run",
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Call>),
    step: has("step"),
    json: has("json"),
    plain: has("plain"),
    verbose: has("verbose"),
    params: new Map(texts),
    answers: pairs("--answer", given.get("answer")),
    secrets: pairs("--secret", given.get("secret")),
  };
}

interface Collected {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly resume: string | undefined;
}

function collect(options: readonly Option[], argv: readonly string[]): Collected {
  const given = new Map<string, string[]>();
  let resume: string | undefined;
  let last: string | undefined;
  for (const token of tokensOf(options, argv)) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      // The one option whose value may be left out: a word right behind it is its value.
      if (last !== "resume" || resume !== undefined) throw strayArgument(token.value);
      resume = token.value;
      continue;
    }
    const option = known(options, token.name, token.rawName);
    if (option.value && token.value === undefined) throw optionWithoutValue(token.rawName, option.value);
    if (!option.value && token.value !== undefined && option.name !== "resume") throw strayArgument(token.value);
    const before = given.get(option.name);
    if (before && !option.repeatable) throw optionTwice(token.rawName);
    given.set(option.name, [...(before ?? []), token.value ?? ""]);
    if (option.name === "resume") resume = token.value;
    last = option.name;
  }
  return { given, resume };
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
