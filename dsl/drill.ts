import type { Disaster } from "./disaster.ts";
import { toSeconds, type Duration } from "./duration.ts";
import { checkIdentifier } from "./identifier.ts";
import type { AssetRef } from "./plan/plan.ts";
import type { Runbook } from "./runbook.ts";

/** A runbook as an operator starts it: its parameters and its answers, by name. */
export interface Call {
  readonly runbook: Runbook;
  readonly params?: Readonly<Record<string, string>>;
  /** Answers to confirms, by step id: `"yes"`, or the text that a destructive confirm wants typed. */
  readonly answers?: Readonly<Record<string, string>>;
}

/** What a drill needs to know of a world; the port itself is runner/drill/world.ts. */
export interface WorldLike<P extends string> {
  readonly name: string;
  /** The probes that this world can ask. */
  readonly probes: readonly P[];
  /** What the ledger writes into. Of the loss of anything else it tells nothing. */
  readonly ledgerIn: readonly AssetRef[];
}

export interface DrillOptions<P extends string> {
  readonly world: WorldLike<P>;
  readonly disaster: Disaster;
  /** The backups that the steady state has been given, in order. Removing one must make the drill fail. */
  readonly backups: readonly [Call, ...Call[]];
  /** How often the farm makes these backups: the bound on what can be lost by schedule. */
  readonly every: Duration;
  readonly recovery: Call;
  /** Probes that the disaster must turn red, each with the reason. */
  readonly red: Readonly<Partial<Record<P, string>>>;
  /** Probes that must stay green, each with the reason. */
  readonly stillGreen: Readonly<Partial<Record<P, string>>>;
  /** Probes that say the farm works: green before the disaster, and again after the recovery. */
  readonly acceptance: readonly [P, ...P[]];
  /** The next backup cycle: these runbooks run after the recovery, and then these probes show that the output restores. */
  readonly nextCycle: { readonly backups: readonly [Call, ...Call[]]; readonly restores: readonly [P, ...P[]] };
  /** How much data production holds. A drill on less, or without this figure, shows no objective to be met. */
  readonly productionBytes?: number;
}

/** Disaster, recovery and acceptance, to be run and measured. */
export interface Drill {
  readonly kind: "drill";
  readonly id: string;
  readonly everySeconds: number;
  readonly options: DrillOptions<string>;
}

/** Declares a drill. A file named `*.drill.ts` exports one, as its default. */
export function drill<const P extends string>(id: string, options: DrillOptions<P>): Drill {
  checkIdentifier("The drill", id);
  return { kind: "drill", id, everySeconds: toSeconds(options.every), options };
}
