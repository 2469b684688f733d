import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { hostname, userInfo } from "node:os";
import type { Binding, BoundHost } from "../../binding.ts";
import { exitCode } from "../../exit-codes.ts";
import { syncFolder } from "../../journal/sync.ts";
import { nearest } from "../../nearest.ts";
import { readBinding } from "../../runtime/binding-file.ts";
import { addEnrolled, enrolledFile, type Enrolled } from "../../runtime/enrolled.ts";
import { terminal } from "../../runtime/prompt.ts";
import { fingerprint, isSshWord } from "../../transport/ssh-config.ts";
import { SshTransport } from "../../transport/ssh.ts";
import { TransportError } from "../../transport/transport.ts";
import {
  addressNoWord,
  keyOfAnother,
  nobodyToCompare,
  notEnrolled,
  notInBinding,
  notReached,
  otherFingerprint,
} from "./errors.ts";
import { offeredKey } from "./offered-key.ts";

export interface EnrollFlags {
  readonly binding: string;
  readonly port?: number;
  readonly fingerprint?: string;
}

/**
 * Binds the machine that replaces a bound one: its key as it was compared out of band, and its machine-id. The former
 * entry is kept beside the binding. @throws RunError DB3009, DB3010, DB3803 to DB3807, DB3809, DB3810
 */
export async function enroll(host: string, address: string | undefined, flags: EnrollFlags): Promise<number> {
  const { binding, path } = readBinding(flags.binding);
  const bound = binding.hosts[host];
  if (!bound) throw notInBinding(host, nearest(host, Object.keys(binding.hosts)));
  if (address !== undefined && !isSshWord(address)) throw addressNoWord(address);
  const given = address !== undefined || flags.port !== undefined;
  const reached = <R>(asked: Promise<R>): Promise<R> =>
    asked.catch((error: unknown) => {
      throw error instanceof TransportError ? notReached(error, given) : error;
    });
  const at: Partial<BoundHost> = { ...(address !== undefined && { address }), ...(flags.port && { port: flags.port }) };
  const key = await reached(offeredKey(withEntry(binding, host, { ...bound, ...at }), host));
  const [other] =
    Object.entries(binding.hosts).find(([name, { hostKeys }]) => name !== host && hostKeys.includes(key)) ?? [];
  if (other !== undefined) throw keyOfAnother(host, other, fingerprint(key));
  const how = await compared(host, bound, key, flags.fingerprint);

  // Another machine-id is what is looked for: the former one is no condition.
  const { machineId: _, ...rest } = bound;
  const machineId = await reached(machineOf(withEntry(binding, host, { ...rest, ...at, hostKeys: [key] }), host));
  const entry = { ...at, hostKeys: [key], machineId };
  const by = `${userInfo().username}@${hostname()}`;
  const { from, to } = rewrite(path, host, entry, { v: 1, at: new Date().toISOString(), by, host, how });
  process.stdout.write(
    [
      `${host} is bound to ${to.address}, ${fingerprint(key)}, machine-id ${machineId}.`,
      `It was ${from.address}, ${from.hostKeys.map(fingerprint).join(", ")}, machine-id ${from.machineId ?? "not bound"}.`,
      `The former entry is kept in ${enrolledFile(path)}.`,
      "A run that stopped goes on with it, where nothing of the run was done on the former machine: drillbook resume",
      "",
    ].join("\n"),
  );
  return exitCode.success;
}

/** Holds the key to what a person says of it. @throws RunError DB3803, DB3804, DB3806 */
async function compared(
  host: string,
  bound: BoundHost,
  key: string,
  given: string | undefined,
): Promise<"typed" | "given"> {
  const offered = fingerprint(key);
  if (given !== undefined) {
    if (given !== offered) throw otherFingerprint(host, offered, given);
    return "given";
  }
  const prompt = terminal(new AbortController().signal);
  if (!prompt.there) throw nobodyToCompare(host, offered);
  const answer = await prompt.ask(
    [
      `The machine that answers as ${host} shows the key`,
      `  ${offered} (${key.split(" ")[0]})`,
      bound.hostKeys.includes(key)
        ? "to which it is bound already."
        : `and is bound to ${bound.hostKeys.map(fingerprint).join(", ")}.`,
      "Compare it with what the machine says on its own console, not over the network:",
      "  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
      "To bind it, type the fingerprint that the console shows, or yes if it is the same",
      "> ",
    ].join("\n"),
  );
  const typed = answer?.trim() ?? "";
  if (typed.startsWith("SHA256:") && typed !== offered) throw otherFingerprint(host, offered, typed);
  if (typed !== "yes" && typed !== offered) throw notEnrolled(host);
  return "typed";
}

/** Logs in as a run would, with the confirmed key alone, and asks the machine who it is. */
async function machineOf(binding: Binding, host: string): Promise<string> {
  await using transport = new SshTransport({ binding, run: "enroll", mode: "plan" });
  await using connection = await transport.connect(host);
  return connection.identity.machineId;
}

function withEntry(binding: Binding, host: string, entry: BoundHost): Binding {
  return { ...binding, hosts: { ...binding.hosts, [host]: entry } };
}

/** Writes the binding with one entry changed, whole or not at all; what was there before is on record first. */
function rewrite(
  path: string,
  host: string,
  changed: Partial<BoundHost>,
  what: Omit<Enrolled, "from" | "to">,
): Pick<Enrolled, "from" | "to"> {
  // As it stands in the file: paths stay relative to it.
  const written = JSON.parse(readFileSync(path, "utf8")) as Binding;
  const from = written.hosts[host];
  if (!from) throw new TypeError(`${path} lost its host ${host} meanwhile.`);
  const to = { ...from, ...changed };
  addEnrolled(path, { ...what, from, to });
  const fresh = `${path}.new`;
  const file = openSync(fresh, "w", statSync(path).mode);
  try {
    writeSync(file, `${JSON.stringify(withEntry(written, host, to), undefined, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncFolder(dirname(path));
  return { from, to };
}
