import type { CommandRole } from "../../plan/commands.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Place } from "./stack.ts";

/** Asks the worker to import files. */
export interface Request {
  /** Absolute paths. */
  readonly files: readonly string[];
}

export interface Response {
  /** In the order of the files. */
  readonly loaded: readonly Loaded[];
}

/** What came of importing a runbook's file. */
export type Loaded = {
  readonly file: string;
  /** The authors' files that the module reaches, itself first. */
  readonly imports: readonly string[];
} & (
  | { readonly kind: "runbook"; readonly plan: Plan; readonly places: Places }
  /** The body, or a module that it imports, threw. */
  | { readonly kind: "threw"; readonly error: Thrown }
  /** It was imported, and its default export is no runbook but what `found` says. */
  | { readonly kind: "no runbook"; readonly found: string }
);

/** Where the parts of a plan were written; each list is a chain of calls, innermost first. */
export interface Places {
  readonly runbook: readonly Place[];
  /** The calls that recorded a step, by its id: inside a procedure, then the call of that procedure. */
  readonly steps: Readonly<Record<string, readonly Place[]>>;
  /** The templates of commands, by {@link commandKey}. */
  readonly commands: Readonly<Record<string, Place>>;
}

export interface Thrown {
  /** `DB1xxx` where the language threw it. */
  readonly code?: string;
  readonly message: string;
  readonly remedy?: string;
  readonly places: readonly Place[];
}

/** The key of a command in {@link Places}. */
export function commandKey(step: string, role: CommandRole): string {
  return `${step} ${role}`;
}
