import { badName, badValue } from "./errors.ts";
import { encode } from "./protocol.ts";
import type { Job } from "./transport.ts";

/** The longest word that Linux lets one program hand to another, with its closing NUL. */
const wordBytes = 128 * 1024;

/**
 * What the supervisor feeds to bash: the text, then each name and its value, all NUL-terminated, as one field.
 * @throws TransportError `refused`, before anything has left this machine
 */
export function payloadOf(host: string, { text, vars }: Job): string {
  if (text.includes("\0")) throw badName(host, "a command", text, "a command without NUL");
  const parts = [text];
  for (const [name, value] of Object.entries(vars)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/u.test(name)) {
      throw badName(host, "a shell variable", name, "letters, digits and underscores, not beginning with a digit");
    }
    if (value.includes("\0")) throw badValue(host, name, "it contains NUL");
    if (!value.isWellFormed()) throw badValue(host, name, "it is not valid Unicode (half of a surrogate pair)");
    const bytes = Buffer.byteLength(value);
    if (bytes >= wordBytes) throw badValue(host, name, `it has ${bytes} bytes`);
    parts.push(name, value);
  }
  return encode(`${parts.join("\0")}\0`);
}

// `.` counts where a command begins.
const asksForItsShell =
  /\$\$|\$\{\$|PPID|BASH|SHLVL|\b(?:source|eval)\b|(?:^|[;&|(){}!]|\b(?:then|do|else|if|while|until)\b)\s*\.\s/mu;

/**
 * The shell that a job gets. A fork of the keeper's costs a fifth of a bash of its own, and differs from it only in what
 * it says of itself and its parent: a text that asks for that, or reads in another text that may, gets its own.
 */
export function shellFor({ text }: Job): "shared" | "own" {
  return asksForItsShell.test(text) ? "own" : "shared";
}

export function checkToken(host: string, token: string): string {
  if (/^[A-Za-z0-9._:@+,=[\]-]{1,200}$/u.test(token)) return token;
  throw badName(host, "a token", token, "letters, digits and ._:@+,=[]-, 200 at most");
}

export function checkRun(host: string, run: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/u.test(run)) return run;
  throw badName(host, "the name of a run", run, "letters, digits, dots, underscores and hyphens, 200 at most");
}

export function checkUser(host: string, user: string | undefined): string | undefined {
  if (user === undefined || /^[A-Za-z_][A-Za-z0-9._-]*$/u.test(user)) return user;
  throw badName(host, "a user", user, "the name of an account there");
}
