import { createHash } from "node:crypto";
import type { Binding, BoundHost } from "../binding.ts";
import { badBinding } from "./errors.ts";

/**
 * The configuration of ssh for one run: a block for every bound host, so that a connection is asked for by the host's
 * logical name alone and no address, user or path is ever quoted into a command.
 */
export function sshConfig(binding: Binding, knownHosts: string): string {
  const blocks = Object.entries(binding.hosts).map(([name, host]) => block(name, host));
  return [...blocks, `Host *\n${options({ ...everywhere, UserKnownHostsFile: quoted("", "path", knownHosts) })}`].join(
    "\n",
  );
}

/** The pins of all bound hosts, by logical name. */
export function knownHosts(binding: Binding): string {
  return Object.entries(binding.hosts)
    .flatMap(([name, host]) => host.hostKeys.map((key) => `${plain(name, "name", name)} ${keyOf(name, key)}\n`))
    .join("");
}

/** How ssh prints a public key: `SHA256:…`. */
export function fingerprint(key: string): string {
  const blob = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/u, "")}`;
}

const everywhere = {
  BatchMode: "yes",
  StrictHostKeyChecking: "yes",
  GlobalKnownHostsFile: "none",
  UpdateHostKeys: "no",
  CheckHostIP: "no",
  VerifyHostKeyDNS: "no",
  ForwardAgent: "no",
  ForwardX11: "no",
  ClearAllForwardings: "yes",
  PermitLocalCommand: "no",
  ControlMaster: "no",
  ControlPath: "none",
  RequestTTY: "no",
  EscapeChar: "none",
  ConnectTimeout: "10",
  ServerAliveInterval: "5",
  ServerAliveCountMax: "3",
  // It says which key was offered; nothing less does.
  LogLevel: "DEBUG1",
};

function block(name: string, host: BoundHost): string {
  const { address, port, user, identity, jump } = host;
  return `Host ${plain(name, "name", name)}\n${options({
    HostName: plain(name, "address", address),
    HostKeyAlias: name,
    Port: port === undefined ? undefined : String(port),
    User: user === undefined ? undefined : plain(name, "user", user),
    IdentityFile: identity === undefined ? undefined : quoted(name, "identity", identity),
    IdentitiesOnly: identity === undefined ? undefined : "yes",
    ProxyJump: jump === undefined ? "none" : plain(name, "jump host", jump),
  })}`;
}

function options(each: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(each)
    .flatMap(([key, value]) => (value === undefined ? [] : [`  ${key} ${value}\n`]))
    .join("");
}

/** Whether a text is one word that means itself in an ssh configuration. */
export function isSshWord(text: string): boolean {
  return /^[A-Za-z0-9_.:][A-Za-z0-9_.:@-]*$/u.test(text);
}

/** Whether a path can stand in quotes in an ssh configuration. */
export function isSshPath(text: string): boolean {
  return text !== "" && !/["\\\p{Cc}]|\$\{/u.test(text);
}

function plain(host: string, member: string, given: string): string {
  if (isSshWord(given)) return given;
  throw badBinding(host, member, given);
}

/** A path, whose blanks quotes protect; percent signs and variables would be expanded. */
function quoted(host: string, member: string, given: string): string {
  if (isSshPath(given)) return `"${given.replaceAll("%", "%%")}"`;
  throw badBinding(host, member, given);
}

function keyOf(host: string, key: string): string {
  if (/^[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}$/u.test(key)) return key;
  throw badBinding(host, "host key", key);
}
