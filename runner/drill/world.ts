import type { Disaster } from "../../dsl/disaster.ts";
import type { WorldLike } from "../../dsl/drill.ts";
import type { Binding } from "../binding.ts";

/**
 * The port between a drill and its machines. `fixtures` implements it; the drill knows no container, image or engine.
 */
export interface WorldKind<P extends string = string> extends WorldLike<P> {
  /** What bringing it up costs, told before it is done. */
  readonly cost: Cost;
  /** Brings the engine and the images into being, and says on the way what it does. Resumes where it was interrupted. */
  prepare(progress: Progress): Promise<void>;
  /**
   * The steady state: installed, lived in, and given to `backUp` so that it is backed up by the backup runbooks
   * themselves. Built once for a key and kept; found again by the next call with the same key.
   * @param key hash of whatever else went into it: the backup scripts and their parameters
   */
  steady(key: string, backUp: (world: World) => Promise<void>, progress: Progress): Promise<SteadyState>;
  /**
   * Removes what killed drills left behind: machines, networks. With `kept`, also worlds that were kept to be looked at;
   * with `everything`, the steady states too.
   */
  sweep(options?: { readonly kept?: boolean; readonly everything?: boolean }): Promise<void>;
}

export interface Cost {
  /** Seconds for the first run on a machine that has nothing, and for the next. */
  readonly firstSeconds: number;
  readonly nextSeconds: number;
  readonly diskMiB: number;
  readonly memoryMiB: number;
}

/** Called with what is being done now, in a few words: `building image postgres`. */
export type Progress = (doing: string) => void;

export interface SteadyState {
  /** Digests of the images that the machines are made of, by host. */
  readonly images: Readonly<Record<string, string>>;
  /** A copy of its own of every machine, started and ready. */
  fork(progress: Progress): Promise<World>;
}

/** The machines of one drill. */
export interface World extends AsyncDisposable {
  /** Where the hosts are now. Read it again after a restart: addresses change. */
  binding(): Promise<Binding>;
  /** Lets the disaster strike, from outside, and returns when it has. */
  strike(disaster: Disaster): Promise<void>;
  /** Asks a probe by name, from outside, as a client of the farm would. */
  probe(name: string): Promise<ProbeAnswer>;
  /** The numbered writes that measure what was lost. */
  readonly ledger: Ledger;
  /** Takes a host off the farm's network, leaving the admin network. */
  cut(host: string): Promise<void>;
  restart(host: string): Promise<void>;
  /** An operator at their own machine, with the kit in a folder there. Scripts are given the binding of the moment. */
  operator(kit: string): Promise<OperatorSeat>;
  /** A secret that the farm's administrators keep where no disaster strikes. @throws where they keep none of that name */
  secret(name: string): Promise<string>;
  /** Leaves the machines running for a person to look at: disposing of the world does nothing any more. */
  keep(): Promise<void>;
  /** Commands that open a shell on each host, for a person who looks at a world that was kept. */
  shells(): Readonly<Record<string, string>>;
  /** How many bytes of data the world holds, to be compared with production's. */
  dataBytes(): Promise<number>;
}

export interface ProbeAnswer {
  readonly answer: "yes" | "no" | "unknown";
  /** What was seen. */
  readonly evidence: string;
  /** On anything but yes: a plain sentence on what that means. */
  readonly meaning?: string;
}

/** A client that writes numbered entries, and remembers outside the farm which ones were acknowledged. */
export interface Ledger {
  start(): Promise<void>;
  /** Stops writing and waits for the last acknowledgement or refusal. */
  stop(): Promise<void>;
  /** Everything the farm acknowledged, in order. */
  acknowledged(): Promise<readonly LedgerEntry[]>;
  /** What the farm holds now. */
  surviving(): Promise<readonly LedgerEntry[]>;
}

export interface LedgerEntry {
  readonly number: number;
  /** When the client wrote it, ISO 8601 in UTC. */
  readonly at: string;
}

export interface OperatorSeat {
  /** Runs a script of the kit as the operator would type it: `recover-postgres.mjs --server db1`. */
  run(script: string, args: readonly string[], options?: OperatorRun): Promise<OperatorResult>;
}

export interface OperatorRun {
  readonly onLine?: (line: string) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface OperatorResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}
