import type { Duration } from "./duration.ts";
import type { Guard } from "./guard.ts";
import type { AnyHost, Asset, HostGroup, HostItem } from "./inventory.ts";
import type { Predicate } from "./predicate.ts";
import type { Ref } from "./ref.ts";
import type { Secret } from "./secret.ts";
import type { Shell } from "./shell.ts";
import type { Type } from "./type.ts";

interface OnHost {
  readonly on: AnyHost;
  /** The user it runs as; root where left out. */
  readonly as?: string;
  readonly run: Shell;
  /** When to stop waiting; the outcome is then unknown. */
  readonly timeout?: Duration;
}

/** A step that only looks. Its output, of the declared type, is what it gives. */
export interface Read<A> extends OnHost {
  readonly gives: Type<A>;
  /** It gives the newest moment of the data in a backup, ISO 8601 in UTC: `ready` holds its age to the objective. */
  readonly newest?: true;
  /**
   * It gives what a host keeps of somebody's sets, a line a set: `STATE SET MOMENT BYTES` and, where there is something to
   * say, why. The state is one word, `fresh` where all is well; moment (ISO 8601 in UTC) and bytes are those of the newest
   * whole copy, `-` where there is none. `drillbook watch` reports it.
   */
  readonly copies?: true;
}

interface Harmless {
  readonly destroys?: never;
  readonly guard?: readonly Guard[];
}

interface Destructive {
  /** What this change takes away. The first such change is the point of no return and wants a typed confirmation. */
  readonly destroys: readonly [Asset, ...Asset[]];
  readonly guard: readonly [Guard, ...Guard[]];
}

interface Idempotent {
  /** Running it again does no harm. */
  readonly effect: "idempotent";
  /** The postcondition: a probe. */
  readonly verify: Shell;
  /** Whether it is already in effect: a probe, `verify` where left out. */
  readonly done?: Shell;
}

interface Once {
  /** Running it twice would do harm. */
  readonly effect: "once";
  readonly verify: Shell;
  /** An authoritative probe, or `"ask"`: a person decides on resume. */
  readonly done: Shell | "ask";
}

/** A step that alters a target. */
export type Change = OnHost &
  (Harmless | Destructive) &
  (Idempotent | Once) & {
    /** What the command reads. Closed where left out. */
    readonly stdin?: Secret | Ref<string>;
    /**
     * Its compensation: brings the host back to where the change found it, also from half of the change, and does no
     * harm where it is there already. Afterwards `done` must answer no (`verify`, where `done` is `"ask"`).
     */
    readonly undo?: Shell;
  };

export interface OnEachOptions {
  /** How many hosts are worked on at the same time, at most; 50 where left out. With 1 it is one after the other. */
  readonly atOnce?: number;
  /** Once this many hosts have failed, no further one is begun. Left out, every host is. */
  readonly stopAfter?: number;
}

/** What the body of a runbook or a procedure records steps with. */
export interface Tools {
  /** Looks, and captures what it sees. */
  read<A>(title: string, step: Read<A>): Ref<A>;
  /** Alters a target. */
  change(title: string, step: Change): void;
  /** A person's decision, with the evidence shown. Without a terminal its answer must have been given by name. */
  confirm(title: string, step: { readonly evidence: readonly Ref<unknown>[] }): void;
  /** One of two branches, each giving a value of the same type: the value of the one that was taken. */
  when<A>(title: string, condition: Ref<boolean> | Predicate, then: () => Ref<A>, otherwise: () => Ref<A>): Ref<A>;
  /** One of two branches, on a truth or a predicate. */
  when(title: string, condition: Ref<boolean> | Predicate, then: () => void, otherwise?: () => void): void;
  /** One of two branches, on whether an optional value is there; in the first it is narrowed. */
  when<A>(title: string, condition: Ref<A | undefined>, then: (present: Ref<A>) => void, otherwise?: () => void): void;
  /** The same steps for each item of a list. */
  forEach<A>(title: string, list: Ref<readonly A[]>, body: (item: Ref<A>) => void): void;
  /**
   * The same steps on each host of a group: in their order on each host, on several hosts at the same time. When one
   * host fails the others finish; a resumed run goes on with those that are not complete.
   */
  onEach<A extends string>(
    title: string,
    hosts: HostGroup<A>,
    body: (host: HostItem<A>) => void,
    options?: OnEachOptions,
  ): void;
}
