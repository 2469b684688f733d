import { checkIdentifier } from "./identifier.ts";
import type { AnyHost, Asset } from "./inventory.ts";
import type { AssetRef, Command, HostRef } from "./plan/plan.ts";
import type { Shell } from "./shell.ts";

/** One blow of a disaster. Blows land from outside, as root on the machine itself, never over the runbooks' ssh. */
export type Blow =
  /** A command that does the damage. Its text has no values in it. */
  | { readonly blow: "run"; readonly on: HostRef; readonly run: Command }
  /** The machine is gone, with its disks. */
  | { readonly blow: "lose"; readonly host: HostRef }
  /** The machine drops off the farm's network. */
  | { readonly blow: "cut"; readonly host: HostRef };

/** What is lost, and how. */
export interface Disaster {
  readonly kind: "disaster";
  readonly id: string;
  /** What an administrator would say had happened, one sentence. */
  readonly title: string;
  readonly takes: readonly AssetRef[];
  readonly blows: readonly Blow[];
}

/** Declares a disaster. */
export function disaster(
  id: string,
  options: {
    readonly title: string;
    /** The assets that are lost. */
    readonly takes: readonly [Asset, ...Asset[]];
    readonly blows: readonly [Blow, ...Blow[]];
  },
): Disaster {
  checkIdentifier("The disaster", id);
  const { title, takes, blows } = options;
  return { kind: "disaster", id, title, takes: takes.map((asset) => asset.ref), blows };
}

/** A command that does the damage, run as root on the machine. */
export const strike = (on: AnyHost, run: Shell): Blow => ({ blow: "run", on: on.ref, run: run.command });
/** The machine is gone, with its disks. */
export const lose = (host: AnyHost): Blow => ({ blow: "lose", host: host.ref });
/** The machine drops off the farm's network. */
export const cut = (host: AnyHost): Blow => ({ blow: "cut", host: host.ref });
