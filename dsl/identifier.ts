import { badIdentifier, titleOfSeveralLines, unslugged } from "./errors.ts";

const identifier = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,63}$/u;

/** Checks a name that an author chose (runbook, host, role, asset, parameter) and gives it back. */
export function checkIdentifier(what: string, name: string): string {
  if (!identifier.test(name)) throw badIdentifier(what, name);
  return name;
}

/** The step id that a title gives: its words in lower case, joined by hyphens. */
export function slug(title: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(title)) throw titleOfSeveralLines(title);
  const id = title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "");
  if (!identifier.test(id)) throw unslugged(title);
  return id;
}

// Lower-case names that bash or common programs read from the environment or treat as their own.
const taken = new Set(["auto_resume", "histchars", "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"]);

/** The shell variable that carries a value, from its id: `newest-dump` is `$newest_dump`. */
export function variableName(id: string): string {
  const name = id.replace(/[^a-z0-9]+/gu, "_");
  return taken.has(name) ? `${name}_` : name;
}
