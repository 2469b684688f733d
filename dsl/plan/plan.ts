/**
 * The plan: a runbook as data. Whatever reads a runbook after it was compiled (the script's emitter, the page, lint,
 * mutants, coverage) reads this and nothing else. Plain JSON; `plan.schema.json` beside this file is its schema, and
 * `canonical.ts` its one byte form. Comments and source positions are kept apart, in {@link PlanSource}.
 */

/** The version of the plan's form. A reader refuses a plan of a version it does not know. */
export const planVersion = 1;

export interface Plan {
  readonly v: typeof planVersion;
  /** Identifier of the runbook: lower-case words joined by hyphens. */
  readonly id: string;
  /** What the runbook is for; follows from `recovers` and `backsUp`. */
  readonly kind: "backup" | "recovery" | "check";
  readonly recovers?: AssetRef;
  readonly backsUp?: AssetRef;
  /** Where the copy that a backup makes lies. */
  readonly keeps?: readonly Place[];
  /** Where the keys lie that open it, if it is sealed. */
  readonly opens?: MediumRef;
  /** What the backup sets up goes on copying by itself. */
  readonly continuous?: true;
  readonly objective: Objective;
  /** What must be within reach for this runbook to work (promise 6). */
  readonly needs: readonly Need[];
  readonly params: Readonly<Record<string, Param>>;
  /** Hosts of the inventory that steps or needs name, with the role each must have; hosts by parameter are in `params`. */
  readonly hosts: Readonly<Record<string, HostSpec>>;
  /** Names of the secrets that some step takes on its stdin. */
  readonly secrets: readonly string[];
  readonly steps: readonly Step[];
}

/** Targets, in seconds: how long recovery may take, and how much time's worth of data may be lost. */
export interface Objective {
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
}

export interface HostSpec {
  readonly role: string;
}

/** A host by name, the host that a parameter of the run names, or the host at hand of an on-each step, by that step's id. */
export type HostRef = { readonly host: string } | { readonly param: string } | { readonly item: string };

/** Several hosts of one role: those that a parameter lists, or hosts of the inventory by name. */
export type HostsRef = { readonly param: string } | { readonly hosts: readonly string[] };

/** An asset of a host. */
export interface AssetRef {
  readonly of: HostRef;
  readonly asset: string;
}

/** Where a copy lies: on a host's own disk, or on a medium. */
export type Place = HostRef | MediumRef;

/** What copies lie on that is no host. */
export interface MediumRef {
  readonly medium: string;
  readonly on: "disk" | "removable-disk" | "tape" | "optical" | "object-store" | "paper";
  /** Where it is kept. */
  readonly site: string;
  /** No machine reaches it. */
  readonly offline?: true;
  /** The kit lies on it too. */
  readonly kit?: true;
}

export type Need =
  | { readonly need: "asset"; readonly asset: AssetRef }
  /** Of a parameter that lists hosts, here and in `tools`: every one of them. */
  | { readonly need: "host"; readonly host: HostRef }
  /** Programs that must be on a host. */
  | { readonly need: "tools"; readonly on: HostRef; readonly programs: readonly string[] }
  /** A key, credential or document that lives outside the hosts. */
  | { readonly need: "item"; readonly item: string };

export interface Param {
  readonly type: TypeSpec;
  /** One sentence for `--help` and the page. */
  readonly doc: string;
}

/** The type of a parameter or a capture: what its text must look like, and what the runbook may do with it. */
export type TypeSpec =
  | { readonly type: ScalarType; readonly optional?: true }
  | { readonly type: "choice"; readonly of: readonly string[]; readonly optional?: true }
  | { readonly type: "host"; readonly role: string | readonly string[] }
  | { readonly type: "list"; readonly of: TypeSpec };

/**
 * - `text`: any UTF-8 without NUL
 * - `line`: `text` of one line
 * - `path`: an absolute path, one line
 * - `name`: letters, digits, `.`, `_` and `-`, not beginning with `-` or `.`
 * - `timestamp`: an instant in UTC, `2026-03-28T19:44:00Z`
 * - `integer`: a whole number that fits 53 bits
 * - `boolean`: `true` or `false`
 */
export type ScalarType = "text" | "line" | "path" | "name" | "timestamp" | "integer" | "boolean";

/** A bash command. Its text is a constant; `vars` names the values that stand in it as `"$name"`. */
export interface Command {
  readonly text: string;
  /** Shell variable to where its value comes from: `step:<id>`, `param:<name>`, `item:<id of a loop or an on-each>`. */
  readonly vars: Readonly<Record<string, string>>;
}

/** What must hold on the target immediately before a change. */
export type Guard =
  /** The machine behind the connection is the host the binding describes: pin, role, machine-id where given. */
  | { readonly guard: "is-host"; readonly host: HostRef }
  /** A probe: exit status 0 holds, 1 does not, anything else is unknown. */
  | { readonly guard: "holds"; readonly title: string; readonly run: Command };

export type Step = ReadStep | ChangeStep | ConfirmStep | WhenStep | ForEachStep | OnEachStep;

interface Titled {
  /** Unique in the plan; the key of the step in script, journal and evidence. */
  readonly id: string;
  readonly title: string;
}

interface OnHost extends Titled {
  readonly on: HostRef;
  /** The user it runs as; root where absent. */
  readonly as?: string;
  readonly timeoutSeconds?: number;
}

export interface ReadStep extends OnHost {
  readonly kind: "read";
  readonly run: Command;
  readonly gives: TypeSpec;
  /** What it gives is the newest moment of the data in a backup. */
  readonly newest?: true;
  /** What it gives is a line a set that a host keeps: state, set, moment, bytes, why. */
  readonly copies?: true;
}

export interface ChangeStep extends OnHost {
  readonly kind: "change";
  readonly effect: "idempotent" | "once";
  readonly run: Command;
  readonly verify: Command;
  /** Whether the change is already in effect, asked by plan and resume; `"ask"` asks a person. */
  readonly done: Command | "ask";
  readonly undo?: Command;
  readonly stdin?: { readonly secret: string } | { readonly ref: string };
  readonly guards: readonly Guard[];
  readonly destroys: readonly AssetRef[];
}

export interface ConfirmStep extends Titled {
  readonly kind: "confirm";
  /** Values shown to the person who decides, as refs. */
  readonly evidence: readonly string[];
}

export interface WhenStep extends Titled {
  readonly kind: "when";
  readonly condition: Predicate;
  readonly then: readonly Step[];
  readonly otherwise: readonly Step[];
  /** A value that both branches give; visible after the step as `step:<id>`. */
  readonly gives?: { readonly type: TypeSpec; readonly then: string; readonly otherwise: string };
}

export interface ForEachStep extends Titled {
  readonly kind: "for-each";
  /** The list that is walked, as a ref. Inside, the item is `item:<id>`, and its text extends the ids of the steps. */
  readonly list: string;
  readonly item: TypeSpec;
  readonly steps: readonly Step[];
}

/** The same steps on several hosts: one after the other on each host, and on several hosts at once. */
export interface OnEachStep extends Titled {
  readonly kind: "on-each";
  readonly hosts: HostsRef;
  /** That every one of them must have. Inside, the host at hand is `item:<id>`, and its name extends the ids of the steps. */
  readonly role: string;
  /** How many hosts are worked on at the same time, at most. */
  readonly atOnce: number;
  /** Once this many hosts have failed, no further one is begun; absent, all of them are. */
  readonly stopAfter?: number;
  readonly steps: readonly Step[];
}

export type Operand = { readonly ref: string } | { readonly literal: string | number | boolean };

export type Predicate =
  | { readonly is: "true"; readonly ref: string }
  | { readonly is: "present"; readonly ref: string }
  | { readonly is: "eq" | "lt"; readonly left: Operand; readonly right: Operand }
  | { readonly is: "and"; readonly all: readonly Predicate[] }
  | { readonly is: "not"; readonly not: Predicate };

/** Where a plan's parts stand in their source, and what the author wrote about them. Outside every hash. */
export interface PlanSource {
  readonly v: typeof planVersion;
  readonly id: string;
  /** Path of the source file, relative to the project. */
  readonly file: string;
  /** The runbook's doc comment, as Markdown; its first sentence is the title in lists. */
  readonly doc: string;
  /** By step id. */
  readonly steps: Readonly<Record<string, StepSource>>;
}

export interface StepSource {
  /** Where it is not the runbook's own file: that of the procedure. */
  readonly file?: string;
  /** From 1. */
  readonly line: number;
  /** What the author wrote above the step: why it is there. */
  readonly comment?: string;
}
