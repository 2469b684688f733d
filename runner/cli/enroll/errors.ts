import { exitCode } from "../../exit-codes.ts";
import { RunError } from "../../run-error.ts";
import type { TransportError } from "../../transport/transport.ts";

export const otherFingerprint = (host: string, offered: string, given: string): RunError =>
  new RunError(
    "DB3803",
    exitCode.refused,
    `The machine that answers as ${host} shows ${offered}, and ${given} was to be expected.`,
    "Nothing was sent to it, and the binding is as it was. See that the address is right, and read the fingerprint on the " +
      "machine's own console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
  );

export const nobodyToCompare = (host: string, offered: string): RunError =>
  new RunError(
    "DB3804",
    exitCode.refused,
    `The machine that answers as ${host} shows ${offered}; somebody has to compare that, and there is no terminal.`,
    "Read the fingerprint on the machine's own console, and give it: --fingerprint SHA256:…",
  );

export const keyOfAnother = (host: string, other: string, offered: string): RunError =>
  new RunError(
    "DB3805",
    exitCode.refused,
    `What answers as ${host} shows the key that ${other} is bound to (${offered}).`,
    "The address leads to another host of the binding. Nothing was written.",
  );

export const notEnrolled = (host: string): RunError =>
  new RunError(
    "DB3806",
    exitCode.refused,
    `The fingerprint of ${host} was not confirmed.`,
    "Nothing was sent to it, and the binding is as it was.",
  );

export const notInBinding = (host: string, nearest: string | undefined): RunError =>
  new RunError(
    "DB3807",
    exitCode.usage,
    `The binding has no host "${host}".${nearest ? ` The nearest name is ${nearest}.` : ""}`,
    "enroll binds the machine that replaces a bound one; a new host is written into the binding with its role.",
  );

export const addressNoWord = (address: string): RunError =>
  new RunError(
    "DB3809",
    exitCode.usage,
    `The address ${JSON.stringify(address)} cannot be given to ssh.`,
    "Write a name or an address as one plain word, without blanks, quotes, control characters or a leading hyphen.",
  );

/** @param given whether an address or a port stood on the command line, and not in the binding alone */
export const notReached = ({ host, kind, message, remedy }: TransportError, given: boolean): RunError => {
  const [why = ""] = message.split("\n");
  return new RunError(
    "DB3810",
    exitCode.refused,
    `${host} was not enrolled: ${why}`,
    kind !== "unreachable" && kind !== "lost"
      ? `${remedy} The binding is as it was.`
      : given
        ? "Check the address and the port that were given, its jump host in the binding, and that its sshd answers from this machine. The binding is as it was."
        : "Check its address, port and jump host in the binding, and that its sshd answers from this machine. The binding is as it was.",
  );
};
