import { listAsWord, notARef } from "./errors.ts";
import { variableName } from "./identifier.ts";
import type { HostItem, HostParam } from "./inventory.ts";
import { noteOrigin } from "./origin.ts";
import type { Command } from "./plan/plan.ts";
import { isRef, type Ref } from "./ref.ts";
import { assemble } from "./template.ts";

/** A bash command with its values beside it. */
export interface Shell {
  readonly kind: "shell";
  readonly command: Command;
}

type Word =
  | Ref<string>
  | Ref<number>
  | Ref<boolean>
  | Ref<string | undefined>
  | Ref<number | undefined>
  | HostParam<never>
  | HostItem<never>;

/**
 * A bash command. The text is a constant; an interpolated value is one whole unquoted word of it and reaches the
 * command as `"$name"`, delivered beside the text, never inside. An absent optional value is the empty string.
 * Common indentation and the outer line breaks are taken off, so that a longer command can be laid out over lines.
 */
export function sh(strings: TemplateStringsArray, ...values: readonly Word[]): Shell {
  const vars: Record<string, string> = {};
  const names = values.map((value: unknown, index) => {
    const ref = wordRef(value, index + 1);
    const name = variableOf(ref);
    vars[name] = ref;
    return name;
  });
  // The raw text, so that a backslash means what it means to the shell.
  return { kind: "shell", command: noteOrigin({ text: assemble(strings.raw, names), vars }) };
}

function wordRef(value: unknown, position: number): string {
  if (isVariableHost(value)) return "param" in value ? `param:${value.param}` : `item:${value.item}`;
  if (!isRef(value)) throw notARef(position);
  if (value.spec.type === "list") throw listAsWord(value.ref);
  return value.ref;
}

/** A host that a run names; one of the inventory is a constant, to be written as such. */
function isVariableHost(value: unknown): value is HostParam<never> | HostItem<never> {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "host") return false;
  return "param" in value || "item" in value;
}

/** The shell variable that carries a reference. */
export function variableOf(ref: string): string {
  return variableName(ref.slice(ref.indexOf(":") + 1));
}

/** Quotes an author's constant as one shell word. */
export function word(constant: string): string {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/u.test(constant) ? constant : `'${constant.replaceAll("'", `'\\''`)}'`;
}

/** A command made of a constant text, for the language's own guards. */
export function constant(text: string, vars: Readonly<Record<string, string>> = {}): Command {
  return noteOrigin({ text, vars });
}
