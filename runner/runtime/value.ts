import { variableName } from "../../dsl/identifier.ts";
import type { Value } from "../journal/record.ts";
import type { Literal, Place, RunValue } from "./script-api.ts";

/** A value of a run, with what it is; while planning it may not be known yet. */
export class Held implements RunValue {
  readonly name: string;
  /** Not there while planning, when the step that gives it would only be reached by changing something. */
  readonly value: Value | undefined;
  /** Title of the change that must be made before the value can be known. */
  readonly knownAfter: string | undefined;

  private constructor(id: string, value: Value | undefined, knownAfter?: string) {
    this.name = variableName(id);
    this.value = value;
    this.knownAfter = knownAfter;
  }

  static known(id: string, value: Value): Held {
    return new Held(id, value);
  }

  static unknown(id: string, knownAfter: string): Held {
    return new Held(id, undefined, knownAfter);
  }

  /** The value of a branch under the name of the step that chose it. */
  static as(id: string, given: Held): Held {
    return new Held(id, given.value, given.knownAfter);
  }

  /** The items of a list; none where it is no list, or not known. */
  get items(): readonly Value[] {
    return isList(this.value) ? this.value : [];
  }

  /** What a command sees of it. Nothing is the empty string; of a list, one item a line. */
  get text(): string {
    return textOf(this.value ?? null);
  }
}

/** Scripts only ever hold values that this runtime made. */
export function held(value: RunValue): Held {
  if (value instanceof Held) return value;
  throw new TypeError("This is no value of the run: a command's words are values that steps and parameters gave.");
}

export function isValue(value: RunValue | Literal): value is RunValue {
  return typeof value === "object";
}

/** Name of the host that a step's place means. */
export function hostName(place: Place): string {
  return typeof place === "string" ? place : held(place).text;
}

export function textOf(value: Value): string {
  if (value === null) return "";
  return isList(value) ? value.map(textOf).join("\n") : String(value);
}

/** Array.isArray does not narrow a read-only list. */
function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}
