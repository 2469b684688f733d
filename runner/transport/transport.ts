import type { HostIdentity } from "../journal/record.ts";

/**
 * A way to reach the supervisor of a host. Implementations: ssh.ts, and local.ts for this machine.
 * Disposing of it gives up the connections that are not made yet, and removes what it put on this machine's disk; end
 * those that are made before.
 */
export interface Transport extends AsyncDisposable {
  /**
   * Connects and says hello. The host is the one the binding describes, or this throws before anything was sent to it.
   * @throws TransportError
   */
  connect(host: string): Promise<Connection>;
}

/** One live connection to the one supervisor of a host. Any number of commands may run at once. */
export interface Connection extends AsyncDisposable {
  readonly host: string;
  readonly identity: HostIdentity;
  /**
   * Why the host's state folder takes no data (full, read-only), where it does not. Claims and outcomes then stand in
   * memory-backed /run, and a reboot forgets them: compare `identity.bootId` with the journal's before trusting `absent`.
   */
  readonly degraded: string | undefined;
  /** Tells that, and why: at once, or when it comes to be so in the middle of the work. */
  onDegraded(listener: (why: string) => void): void;
  /** Settles when the connection has gone, with the reason; pending work is rejected then. */
  readonly closed: Promise<string>;
  /** Asks the machine anew who it is. */
  identify(): Promise<HostIdentity>;
  /** Runs a command inline: its output and status come back on the connection, and are gone with it. */
  inline(job: Job): Execution;
  /**
   * Starts a command detached under its token: it outlives the connection, and its outcome is kept on the target.
   * Starting a token that has been started before never starts it again; it attaches.
   * @param token letters, digits and `._:@+=,[]-`, 200 at most; it names the command within the run
   */
  detached(token: string, job: Job): Execution;
  /** What the target knows of a token. */
  status(token: string): Promise<TokenStatus>;
  /** Waits for a detached command that was started before, with its output from the beginning. */
  attach(token: string): Execution;
  /** Ends a running command, its whole process group. */
  cancel(token: string): Promise<void>;
  /**
   * Takes the host's lock for this run, or says who has it. A run takes it over from a supervisor of its own that
   * serves the same `who`, and ends that: its runner lost the connection, and the host has not noticed.
   */
  lock(claim: Claim): Promise<LockAnswer>;
  /** Gives the lock and the claim of a run back; also a claim that was left behind. @throws TransportError `refused` */
  unlock(run: string): Promise<void>;
  /** Ends the conversation; detached commands go on. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A command as it goes to a target: a constant text, and values beside it. */
export interface Job {
  /** Bash. Sees its values as shell variables, not exported. */
  readonly text: string;
  /** By variable name; strings without NUL, fewer than 128 KiB each in UTF-8. */
  readonly vars: Readonly<Record<string, string>>;
  /** The user it runs as; the supervisor's own, root, where left out. */
  readonly as?: string;
  /** What the command reads; closed where left out. Any bytes. */
  readonly stdin?: Uint8Array;
  /** Seconds after which the runner cancels it, and its outcome is unknown. */
  readonly timeoutSeconds?: number;
}

export interface Execution {
  /** All output, from the first byte, as it comes; nothing comes after the result. */
  onOutput(listener: (stream: "stdout" | "stderr", bytes: Uint8Array) => void): void;
  /** Resolves with what was observed. @throws TransportError when the observation was lost */
  readonly result: Promise<Result>;
}

export interface Result {
  /** 0 to 255; 128 + the signal's number for a command that a signal ended. */
  readonly status: number;
  /** 16 MiB at most; a command that writes more makes {@link Execution.result} fail by name, of kind `output`. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export type TokenStatus =
  /** Never started on this target, as far as it can tell. */
  | { readonly state: "absent" }
  | { readonly state: "running" }
  | { readonly state: "exited"; readonly status: number }
  /** Started, no longer running, and no outcome was written: the machine crashed, or it was killed. */
  | { readonly state: "lost" };

/** Who holds a host. */
export interface Claim {
  readonly run: string;
  /** `user@machine`. */
  readonly who: string;
  /** ISO 8601. */
  readonly since: string;
  readonly runbook: string;
}

export type LockAnswer =
  | { readonly locked: true }
  /** `alive`: its supervisor still runs; otherwise only its claim was left behind. */
  | { readonly locked: false; readonly holder: Claim; readonly alive: boolean };

/**
 * Why nothing, or nothing more, could be observed.
 * - `unreachable`, `login`: no connection, no account
 * - `pin`: the machine is not the one that the binding describes
 * - `become`, `tools`: the account cannot become root; programs are missing there
 * - `lost`, `timeout`: the observation ended before the command did, the outcome is unknown
 * - `output`: more output than is held
 * - `refused`: nothing was started
 */
export type Trouble =
  "unreachable" | "pin" | "login" | "become" | "tools" | "version" | "lost" | "timeout" | "output" | "refused";

/** Made by the named factories of errors.ts, which hold the wording. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly kind: Trouble;
  /** Stable code, `DB32xx`; documented in docs/errors.md. */
  readonly code: string;
  readonly host: string;
  /** What the operator can do about it. */
  readonly remedy: string;

  constructor(kind: Trouble, code: string, host: string, message: string, remedy: string) {
    super(`${code} ${message}\n  ${remedy}`);
    this.kind = kind;
    this.code = code;
    this.host = host;
    this.remedy = remedy;
  }
}
