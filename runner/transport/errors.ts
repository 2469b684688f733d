import { TransportError } from "./transport.ts";

/** What can go wrong between a runner and a host. Codes DB32xx. */

export const unreachable = (host: string, why: string): TransportError =>
  new TransportError(
    "unreachable",
    "DB3201",
    host,
    `${host} cannot be reached: ${why}`,
    "Check its address, port and jump host in the binding, and that its sshd answers from this machine.",
  );

export const pinMismatch = (host: string, expected: readonly string[], offered: string): TransportError =>
  new TransportError(
    "pin",
    "DB3202",
    host,
    `The machine that answers as ${host} shows another host key. Offered: ${offered}; bound: ${expected.join(", ")}.`,
    "Nothing was sent to it. If the host was rebuilt, compare the offered fingerprint on its console and bind it anew.",
  );

export const otherMachine = (host: string, bound: string, found: string): TransportError =>
  new TransportError(
    "pin",
    "DB3203",
    host,
    `The machine that answers as ${host} has the machine-id ${found || "(none)"}; the binding says ${bound}.`,
    "No command was sent to it. If the host was rebuilt, bind it anew with its machine-id.",
  );

export const loginRefused = (host: string, why: string): TransportError =>
  new TransportError(
    "login",
    "DB3204",
    host,
    `${host} refused the login: ${why}`,
    "Check the user and the identity in the binding, and that the account on the host holds the public key.",
  );

export const cannotBecomeRoot = (host: string, why: string): TransportError =>
  new TransportError(
    "become",
    "DB3205",
    host,
    `The account on ${host} cannot become root: ${why}`,
    'Let it use sudo without a password (NOPASSWD), or log in as root with "become": "none" in the binding.',
  );

export const toolsMissing = (host: string, tools: readonly string[]): TransportError =>
  new TransportError(
    "tools",
    "DB3206",
    host,
    `${host} has no ${tools.join(", no ")}.`,
    "Install them there: they belong to the packages bash, coreutils, util-linux and sed.",
  );

export const otherVersion = (host: string, theirs: number, ours: number): TransportError =>
  new TransportError(
    "version",
    "DB3207",
    host,
    `The supervisor on ${host} speaks version ${theirs}, this program version ${ours}.`,
    "The two travel together in one file: fetch the kit again.",
  );

export const lost = (host: string, why: string): TransportError =>
  new TransportError(
    "lost",
    "DB3208",
    host,
    `The connection to ${host} is gone: ${why}`,
    "A detached command goes on there, and its outcome is kept: resume the run.",
  );

export const outcomeLost = (host: string, token: string): TransportError =>
  new TransportError(
    "lost",
    "DB3209",
    host,
    `"${token}" was started on ${host} and is no longer running, and no outcome was written.`,
    "The machine crashed, or both the command and its keeper were killed. Look at what the command had done by then.",
  );

export const timedOut = (host: string, seconds: number): TransportError =>
  new TransportError(
    "timeout",
    "DB3210",
    host,
    `The command on ${host} took longer than ${seconds} s and was cancelled.`,
    "What it had done by then is not known: look, then give it more time or mend what holds it up.",
  );

export const tooMuchOutput = (host: string, stream: string, limitMiB: number, status: number): TransportError =>
  new TransportError(
    "output",
    "DB3211",
    host,
    `A command on ${host} wrote more than ${limitMiB} MiB to its ${stream}, and ended with status ${status}.`,
    "Send such output to a file on the host.",
  );

export const neverStarted = (host: string, token: string): TransportError =>
  new TransportError(
    "refused",
    "DB3212",
    host,
    `"${token}" was never started on ${host}, as far as it can tell.`,
    "There is nothing to attach to; start it.",
  );

export const badValue = (host: string, name: string, why: string): TransportError =>
  new TransportError(
    "refused",
    "DB3213",
    host,
    `The value of $${name} cannot be sent to ${host}: ${why}.`,
    "A value is text without NUL, of fewer than 131072 bytes in UTF-8; hand anything larger to the command's stdin.",
  );

export const badName = (host: string, what: string, given: string, form: string): TransportError =>
  new TransportError(
    "refused",
    "DB3214",
    host,
    `${JSON.stringify(given)} cannot be ${what} on ${host}.`,
    `Write ${form}.`,
  );

/** The lock is not given back: it is another run's, or a command of that run still works there. */
export class HostHeld extends TransportError {}

export const hostHeld = (host: string, run: string, alive: boolean): HostHeld =>
  new HostHeld(
    "refused",
    "DB3215",
    host,
    `The lock of ${host} belongs to the run ${run || "(unknown)"}, which ${alive ? "is connected" : "left its claim there"}.`,
    "Give back the lock of that run by its name, when it has ended.",
  );

export const supervisorRefused = (host: string, reason: string, detail: string): TransportError =>
  reason === "account"
    ? cannotBecomeRoot(host, `it is ${detail}`)
    : new TransportError(
        "refused",
        "DB3216",
        host,
        `${host} refused: ${refusals[reason] ?? reason}`,
        detail || noDetail,
      );

export const badBinding = (host: string, member: string, given: string): TransportError =>
  new TransportError(
    "refused",
    "DB3217",
    host,
    `What the binding of ${host} says as its ${member} must not be given to ssh: ${JSON.stringify(given)}.`,
    "Correct it in the binding: one plain word, without blanks, quotes, control characters or a leading hyphen.",
  );

export const unbound = (host: string): TransportError =>
  new TransportError(
    "refused",
    "DB3218",
    host,
    `The binding has no host "${host}".`,
    "Add it to the binding, or name another host.",
  );

const noDetail = "Nothing was started.";

const refusals: Readonly<Record<string, string>> = {
  user: "it has no such user, or the supervisor is not root and cannot run a command as another user.",
  live: "its folder for live state takes no data.",
  state: "neither its state folder nor /run takes data.",
  stdin: "the command's stdin did not arrive whole.",
  ended: "this run has come to its end there since it was connected to.",
  plan: "a plan neither starts changes nor takes locks.",
  request: "it does not know such a request.",
};
