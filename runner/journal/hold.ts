import { linkSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { RunError } from "../run-error.ts";
import { journalNotWritten, runHeld } from "./errors.ts";
import type { RunFolder } from "./state.ts";

/** The process that works on a run's record. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  /** When the process began, its boot and its namespace of processes; empty where the system does not tell. */
  readonly began: string;
  readonly boot: string;
  readonly namespace: string;
}

/**
 * Takes a run's folder for this process, which keeps it until it ends: nobody else appends to the record meanwhile, and
 * what is read from here on is all of it. @throws RunError DB3106 naming who has it
 *
 * A holder leaves a numbered file, the highest number holds, and the next one comes into being once: two that find the
 * same holder dead cannot both follow it. A holder's own file is never removed by it, for the same reason.
 */
export function holdRun(folder: RunFolder): void {
  let last = refuseHeld(folder);
  const self: Holder = { ...here(), since: new Date().toISOString() };
  const mine = join(folder.path, `.hold-${self.pid}-${self.began}`);
  try {
    writeFileSync(mine, `${JSON.stringify(self)}\n`, { mode: 0o600 });
    while (!follows(folder, last, mine)) last = refuseHeld(folder);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw journalNotWritten(folder.path, error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Whether this process holds the run now, behind the last holder; otherwise somebody else came first. */
function follows(folder: RunFolder, last: number, mine: string): boolean {
  const number = last + 1;
  // Who saw an old holder dead may have made a file that others had removed already.
  if (!made(mine, place(folder, number)) || highest(folder) !== number) return false;
  for (const older of numbers(folder)) if (older < number) rmSync(place(folder, older), { force: true });
  return true;
}

/** Gives the number of the last holder, which is gone. @throws RunError DB3106 where somebody has the run, or may have */
export function refuseHeld(folder: RunFolder): number {
  for (;;) {
    const number = highest(folder);
    const file = place(folder, number);
    const holder = number < 0 ? undefined : read(file);
    const state = holder && stateOf(holder, here());
    // Otherwise the next one has followed meanwhile.
    if (highest(folder) !== number) continue;
    if (holder && state !== "gone") throw runHeld(folder.run, holder, state === "alive", file);
    return number;
  }
}

/** Nothing where it is not there any more, or half, its maker killed, on a file system without links. */
function read(file: string): Holder | undefined {
  return told(() => JSON.parse(readFileSync(file, "utf8")) as Holder);
}

/** Makes the file, whole, where it is not there yet. */
function made(mine: string, next: string): boolean {
  try {
    linkSync(mine, next);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!noLinks.has(codeOf(error))) throw error;
  }
  try {
    writeFileSync(next, readFileSync(mine), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** What removable drives answer. */
const noLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}

/** A process is known by when it began, too: a pid comes back. Of another machine's, or another container's, nothing can be seen. */
function stateOf(holder: Holder, self: Omit<Holder, "since">): "alive" | "gone" | "unseen" {
  if (holder.boot !== self.boot) return holder.host === self.host ? "gone" : "unseen";
  if (holder.host !== self.host || holder.namespace !== self.namespace) return "unseen";
  return began(holder.pid) === holder.began ? "alive" : "gone";
}

function here(): Omit<Holder, "since"> {
  return {
    user: userInfo().username,
    host: hostname(),
    pid: process.pid,
    began: began(process.pid) ?? "",
    boot: told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? "",
    namespace: told(() => readlinkSync("/proc/self/ns/pid")) ?? "",
  };
}

/** When a process began, in ticks since boot; undefined when it is gone, or only a zombie. Empty where there is no /proc. */
function began(pid: number): string | undefined {
  if (process.platform !== "linux") return told(() => (process.kill(pid, 0) ? "" : ""));
  const stat = told(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  // The name before it, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "" ? undefined : fields[19];
}

function told<R>(ask: () => R): R | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function place(folder: RunFolder, number: number): string {
  return join(folder.path, `hold.${number}`);
}

function highest(folder: RunFolder): number {
  return Math.max(-1, ...numbers(folder));
}

function numbers(folder: RunFolder): readonly number[] {
  return readdirSync(folder.path).flatMap((name) => {
    const number = /^hold\.(\d+)$/u.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
