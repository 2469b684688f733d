import { exitCode } from "../exit-codes.ts";
import { RunError } from "../run-error.ts";

/** What can be wrong with a call of a script, its files or its binding: all of it is found before a host is contacted. */

const meant = (nearest: string | undefined): string => (nearest ? ` The nearest name is ${nearest}.` : "");

export const scriptChanged = (file: string, what: string): RunError =>
  new RunError(
    "DB3001",
    exitCode.refused,
    `${file} is not what was compiled and drilled: ${what}.`,
    "Nothing was contacted. Take the kit from a good copy, or compile it again and drill it.",
  );

export const unknownOption = (option: string, nearest: string | undefined): RunError =>
  new RunError(
    "DB3002",
    exitCode.usage,
    `There is no option ${option}.${meant(nearest)}`,
    "--help shows every option.",
  );

export const optionWithoutValue = (option: string, form: string): RunError =>
  new RunError("DB3003", exitCode.usage, `${option} is given without a value.`, `Write ${option} ${form}.`);

export const optionTwice = (option: string): RunError =>
  new RunError("DB3004", exitCode.usage, `${option} is given twice.`, "Give it once.");

export const missingOption = (option: string, form: string, doc: string): RunError =>
  new RunError("DB3005", exitCode.usage, `${option} is missing: ${doc}.`, `Write ${option} ${form}.`);

export const badValue = (option: string, given: string, wrong: string): RunError =>
  new RunError(
    "DB3006",
    exitCode.usage,
    `${option} cannot be ${JSON.stringify(given)}: ${wrong}.`,
    "--help shows what each option allows.",
  );

export const strayArgument = (given: string): RunError =>
  new RunError(
    "DB3007",
    exitCode.usage,
    `${JSON.stringify(given)} belongs to no option.`,
    "Every value follows its option; quote a value that has spaces in it.",
  );

export const notAPair = (option: string, given: string): RunError =>
  new RunError(
    "DB3008",
    exitCode.usage,
    `${option} wants NAME=VALUE, not ${JSON.stringify(given)}.`,
    `Write ${option} NAME=VALUE.`,
  );

export const bindingUnread = (file: string, why: string): RunError =>
  new RunError(
    "DB3009",
    exitCode.usage,
    `The binding ${file} cannot be read: ${why}.`,
    'A binding is a JSON file: {"v": 1, "hosts": {"db1": {"role": …, "address": …, "hostKeys": [ … ]}}}.',
  );

export const bindingWrong = (file: string, where: string, wrong: string): RunError =>
  new RunError(
    "DB3010",
    exitCode.usage,
    `The binding ${file} is wrong at ${where}: ${wrong}.`,
    "Mend the file; nothing was contacted.",
  );

export const hostNotBound = (host: string, role: string, candidates: readonly string[], nearest?: string): RunError =>
  new RunError(
    "DB3011",
    exitCode.usage,
    `The binding has no host "${host}".${meant(nearest)}`,
    candidates.length > 0
      ? `Hosts with the role ${role}: ${candidates.join(", ")}.`
      : `It has no host with the role ${role} at all; add one to it.`,
  );

export const wrongRole = (host: string, is: string, wants: string, candidates: readonly string[]): RunError =>
  new RunError(
    "DB3012",
    exitCode.usage,
    `The host "${host}" is bound with the role ${is}, and the runbook wants ${wants}.`,
    candidates.length > 0 ? `Hosts with that role: ${candidates.join(", ")}.` : "No host of the binding has that role.",
  );

export const secretMissing = (name: string): RunError =>
  new RunError(
    "DB3013",
    exitCode.usage,
    `The secret "${name}" is not given, and there is no terminal to ask on.`,
    `Write --secret ${name}=FILE, --secret ${name}=env:VARIABLE or --secret '${name}=cmd:COMMAND'.`,
  );

export const secretUnread = (name: string, source: string, why: string): RunError =>
  new RunError(
    "DB3014",
    exitCode.usage,
    `The secret "${name}" cannot be taken from ${source}: ${why}.`,
    "Name a file that can be read, env:VARIABLE, or cmd:COMMAND; leave it out to be asked on a terminal.",
  );

export const noSuchSecret = (given: string, nearest: string | undefined, secrets: readonly string[]): RunError =>
  new RunError(
    "DB3024",
    exitCode.usage,
    `--secret: the runbook has no secret "${given}".${meant(nearest)}`,
    secrets.length > 0 ? `Its secrets are: ${secrets.join(", ")}.` : "It has none at all: leave --secret out.",
  );

const either = (names: readonly string[]): string => (names.length > 0 ? ` Do you mean ${names.join(" or ")}?` : "");

export const noSuchStep = (
  option: "--until" | "--mark",
  given: string,
  near: readonly string[],
  steps: readonly string[],
): RunError =>
  new RunError(
    "DB3021",
    exitCode.usage,
    `${option}: there is no step "${given}".${either(near)}`,
    `The steps are: ${steps.join(", ")}.`,
  );

export const asksNothing = (
  step: string,
  there: boolean,
  near: readonly string[],
  asking: readonly string[],
): RunError =>
  new RunError(
    "DB3022",
    exitCode.usage,
    `--answer: ${there ? `the step "${step}" asks nothing` : `there is no step "${step}"`}.${either(near)}`,
    asking.length > 0 ? `The steps that ask are: ${asking.join(", ")}.` : "No step of this runbook asks anything.",
  );

export const nobodyToPause = (): RunError =>
  new RunError(
    "DB3023",
    exitCode.usage,
    "--step waits for Enter before each change, and there is no terminal.",
    "Leave --step out, or run it on a terminal; --until STEP stops after a step without asking.",
  );

export const notTogether = (first: string, second: string): RunError =>
  new RunError("DB3015", exitCode.usage, `${first} and ${second} exclude each other.`, "Give one of them.");

export const stoppedAtQuestion = (): RunError =>
  new RunError(
    "DB3029",
    exitCode.interrupted,
    "Stopped at the question, as you asked.",
    "Nothing was begun. Call it again; answers and secrets can be given by name, see --help.",
  );
