/**
 * The language of runbooks: all that a runbook, an inventory or a drill imports. Pure: no I/O, no clock, no packages.
 * @module
 */
export { runbook, procedure, type Runbook } from "./runbook.ts";
export { sh, type Shell } from "./shell.ts";
export { bool, choice, hostOf, hostsOf, integer, line, list, name, path, text, timestamp, type Type } from "./type.ts";
export {
  host,
  item,
  role,
  tools,
  type AnyHost,
  type Asset,
  type Host,
  type HostGroup,
  type HostItem,
  type HostParam,
  type HostsParam,
  type Role,
} from "./inventory.ts";
export { backedUpWith, holdsCopies, notBackedUp, type Archive, type Exemption, type Part } from "./exemption.ts";
export { medium, type Medium } from "./medium.ts";
export { freeSpace, holds, isHost, type Guard } from "./guard.ts";
export { and, eq, lt, not, present, type Predicate } from "./predicate.ts";
export { secret, type Secret } from "./secret.ts";
export { cut, disaster, lose, strike, type Disaster } from "./disaster.ts";
export { drill, type Drill } from "./drill.ts";
export { schedule, type Schedule } from "./schedule.ts";
export { AuthoringError } from "./errors.ts";
export type { Change, Read, Tools } from "./step.ts";
export type { Ref } from "./ref.ts";
export type { Duration } from "./duration.ts";
