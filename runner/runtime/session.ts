import type { Binding } from "../binding.ts";
import type { RunState } from "../journal/fold.ts";
import type { Operator } from "../journal/record.ts";
import type { Decisions } from "./decisions.ts";
import type { HostCommands } from "./host-commands.ts";
import type { Hosts } from "./hosts.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Locks } from "./locks.ts";
import type { Pace } from "./pace.ts";
import type { Mirror } from "./mirror.ts";
import type { Position } from "./position.ts";
import type { RunLog } from "./run-log.ts";
import type { Secrets } from "./secrets.ts";

/** What the steps of a run work with. */
export interface Session {
  readonly run: string;
  readonly operator: Operator;
  readonly binding: Binding;
  readonly hosts: Hosts;
  readonly commands: HostCommands;
  readonly locks: Locks;
  readonly log: RunLog;
  /** What was on record when this process began; nothing for a new run. */
  readonly earlier: RunState | undefined;
  readonly decisions: Decisions;
  readonly secrets: Secrets;
  readonly interrupt: Interrupt;
  readonly position: Position;
  readonly pace: Pace;
  /** Where the record is copied to. */
  readonly mirror: Mirror | undefined;
  /** `host asset` of what changes of this run were sent to destroy. */
  readonly destroyed: Set<string>;
}

/** Who decides, as records say it. */
export function operatorName({ user, host }: Operator): string {
  return `${user}@${host}`;
}
