import type { AssetRef, HostSpec, Need, Objective, Param, Plan, TypeSpec } from "../../dsl/plan/plan.ts";
import type { ProcessPromise } from "zx/core";

/**
 * What an emitted script is written against. The emitter (dsl/compile) writes calls of these; the runtime interprets
 * them: to run, to plan, to resume. In a script:
 *
 *     await script(import.meta, { v: 1, id: "recover-postgres", kind: "recovery", … }, async ({ params, read, change }) => {
 *       const { server } = params;
 *       const newestSet = await read("newest-set", {
 *         title: "Newest set", on: "backup1", gives: { type: "path" },
 *         run: ($) => $`ls /archive/${server}`,
 *       });
 *     });
 */
export type ScriptFunction = (
  meta: ImportMeta,
  head: ScriptHead,
  body: (tools: ScriptTools) => Promise<void>,
) => Promise<void>;

export interface ScriptHead {
  readonly v: 1;
  readonly id: string;
  readonly kind: Plan["kind"];
  /** SHA-256, hex, of the plan's canonical bytes. */
  readonly plan: string;
  /** SHA-256, hex, of the runtime file that this script was made for. The runtime compares it with its own bytes. */
  readonly runtime: string;
  readonly objective: Objective;
  readonly needs: readonly Need[];
  readonly params: Readonly<Record<string, Param>>;
  readonly hosts: Readonly<Record<string, HostSpec>>;
  readonly secrets: readonly string[];
  /** How many reads, changes and confirms the script has; those of a loop count once. */
  readonly steps: number;
}

/** A value of a run: captured, given, or (while planning) not known yet. Stands in commands as `"$name"`. */
export interface RunValue {
  /** Its shell variable. */
  readonly name: string;
}

/**
 * The zx shell of a step's host. Its words are {@link RunValue}s; its text is `assemble(pieces.raw, names)` of
 * dsl/template.ts, and reaches the host's supervisor unchanged.
 */
export type HostShell = (pieces: TemplateStringsArray, ...words: readonly RunValue[]) => ProcessPromise;

export type ShellCall = ($: HostShell) => ProcessPromise;

/** A host by name, or the value of a host parameter. */
export type Place = string | RunValue;

export interface ScriptTools {
  /** Values of the parameters, by name. */
  readonly params: Readonly<Record<string, RunValue>>;
  read(id: string, step: ScriptRead): Promise<RunValue>;
  change(id: string, step: ScriptChange): Promise<void>;
  confirm(id: string, step: { readonly title: string; readonly evidence: readonly RunValue[] }): Promise<void>;
  /** Walks one branch, or both while planning with a condition that is not known yet. Gives what the branch returns. */
  when(
    id: string,
    step: { readonly title: string; readonly if: Condition },
    then: () => Promise<RunValue | void>,
    otherwise?: () => Promise<RunValue | void>,
  ): Promise<RunValue>;
  forEach(
    id: string,
    step: { readonly title: string; readonly list: RunValue; readonly item: TypeSpec },
    body: (item: RunValue) => Promise<void>,
  ): Promise<void>;
  /** Walks the body for each host, several at the same time, each with tools of its own. */
  onEach(id: string, step: OnEach, body: (host: RunValue, tools: ScriptTools) => Promise<void>): Promise<void>;
  isTrue(value: RunValue): Condition;
  present(value: RunValue): Condition;
  eq(left: RunValue | Literal, right: RunValue | Literal): Condition;
  lt(left: RunValue | Literal, right: RunValue | Literal): Condition;
  and(...all: readonly Condition[]): Condition;
  not(condition: Condition): Condition;
  isHost(host: Place): ScriptGuard;
  holds(title: string, run: ShellCall): ScriptGuard;
  secret(name: string): ScriptSecret;
}

export interface OnEach {
  readonly title: string;
  /** Names of hosts, or the value of a parameter that lists them. */
  readonly hosts: readonly string[] | RunValue;
  /** How many at the same time, at most. */
  readonly atOnce: number;
  /** Once this many have failed, no further one is begun. */
  readonly stopAfter?: number;
}

export type Literal = string | number | boolean;

/** Yes, no, or not known yet (only while planning). */
export interface Condition {
  readonly answer: boolean | undefined;
  /** Names of the values that it waits for. */
  readonly waitsFor: readonly string[];
}

export type ScriptGuard =
  | { readonly guard: "is-host"; readonly host: Place }
  | { readonly guard: "holds"; readonly title: string; readonly run: ShellCall };

export interface ScriptSecret {
  readonly secret: string;
}

interface OnHost {
  readonly title: string;
  readonly on: Place;
  readonly as?: string;
  readonly timeoutSeconds?: number;
  readonly run: ShellCall;
}

export interface ScriptRead extends OnHost {
  readonly gives: TypeSpec;
}

export interface ScriptChange extends OnHost {
  readonly effect: "idempotent" | "once";
  readonly verify: ShellCall;
  /** Left out where it is `verify`. */
  readonly done?: ShellCall | "ask";
  readonly undo?: ShellCall;
  readonly stdin?: RunValue | ScriptSecret;
  readonly guards?: readonly ScriptGuard[];
  readonly destroys?: readonly { readonly of: Place; readonly asset: AssetRef["asset"] }[];
}
