import type { ScalarType, TypeSpec } from "../../dsl/plan/plan.ts";
import { rolesOf } from "../../dsl/plan/types.ts";
import type { Value } from "../journal/record.ts";

/** A text read as its type says, or in a few words what is wrong with it. */
export type Typed = { readonly value: Value } | { readonly wrong: string };

/** Reads a parameter's or a capture's text. Empty is absent where the type is optional. */
export function typed(spec: TypeSpec, text: string): Typed {
  if (text.includes("\0")) return { wrong: "it contains NUL, which no variable of a shell can hold" };
  if (spec.type === "list") return typedList(spec.of, text);
  if ("optional" in spec && text === "") return { value: null };
  if (spec.type === "host") return { value: text };
  if (spec.type === "choice") return spec.of.includes(text) ? { value: text } : { wrong: `it is not ${allowed(spec)}` };
  const { test, read } = scalars[spec.type];
  return test(text) ? { value: read?.(text) ?? text } : { wrong: `it is not ${allowed(spec)}` };
}

/** Reads the bytes that a step gave: strict UTF-8, one trailing line break taken off. */
export function captured(spec: TypeSpec, bytes: Uint8Array): Typed {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return typed(spec, text.replace(/\n$/u, ""));
  } catch (error) {
    if (error instanceof TypeError) return { wrong: "it is not UTF-8" };
    throw error;
  }
}

/** The form that a type allows, to be read after "is": `a whole number`. */
export function allowed(spec: TypeSpec): string {
  switch (spec.type) {
    case "choice":
      return `one of ${spec.of.join(", ")}`;
    case "host":
      return `a host with the role ${rolesOf(spec).join(" or ")}`;
    case "list":
      return `a list, each item ${allowed(spec.of)}`;
    default:
      return scalars[spec.type].form;
  }
}

function typedList(of: TypeSpec, text: string): Typed {
  const items: Value[] = [];
  for (const line of text === "" ? [] : text.split("\n")) {
    const item = typed(of, line);
    if ("wrong" in item) return { wrong: `its line ${items.length + 1} is refused: ${item.wrong}` };
    items.push(item.value);
  }
  return { value: items };
}

interface Scalar {
  readonly form: string;
  readonly test: (text: string) => boolean;
  readonly read?: (text: string) => Value;
}

const scalars: Readonly<Record<ScalarType, Scalar>> = {
  text: { form: "text", test: () => true },
  line: { form: "text of one line", test: (text) => !text.includes("\n") },
  path: { form: "an absolute path, of one line", test: (text) => /^\/[^\n]*$/u.test(text) },
  name: {
    form: "a name (letters, digits, `.`, `_`, `-`, beginning with a letter, a digit or `_`)",
    test: (text) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/u.test(text),
  },
  timestamp: { form: "an instant in UTC like 2026-03-28T19:44:00Z", test: isInstant },
  integer: {
    form: "a whole number within ±(2^53 − 1)",
    test: (text) => /^-?\d+$/u.test(text) && Number.isSafeInteger(Number(text)),
    read: Number,
  },
  boolean: { form: "true or false", test: (text) => /^(?:true|false)$/u.test(text), read: (text) => text === "true" },
};

function isInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u.test(text)) return false;
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString() === text.replace("Z", ".000Z");
}
