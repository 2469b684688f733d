import type { Binding } from "../binding.ts";
import { cannotBecomeRoot, loginRefused, pinMismatch, unreachable } from "./errors.ts";
import { fingerprint } from "./ssh-config.ts";
import type { TransportError } from "./transport.ts";

/** What ssh and the far end said, without what ssh tells of its own progress. */
export function sshWords(stderr: string): string {
  return (
    stderr
      .split(/\r?\n/u)
      // What the far end had begun to say may stand before it.
      .map((each) => each.replace(/debug\d: .*$/u, "").trim())
      .filter((each) => each !== "" && !/^@|^OpenSSH_|^Authenticated to /u.test(each))
      .join(" ")
  );
}

/** What ssh's end before a greeting means. Its status says nothing: 255 may be its own or the far end's. */
export function explainSsh(host: string, binding: Binding, stderr: string): TransportError {
  const words = sshWords(stderr) || "ssh ended without a word";
  if (/Host key verification failed|host key is known for|IDENTIFICATION HAS CHANGED/u.test(stderr)) {
    return pinMismatch(...pinOf(host, binding, stderr));
  }
  if (/^sudo: |\bsudo\b.*not found/mu.test(stderr)) return cannotBecomeRoot(host, words);
  if (/Permission denied|Too many authentication failures|no such identity|not available/iu.test(words)) {
    return loginRefused(host, words);
  }
  return unreachable(host, words);
}

/** Which host of the chain showed another key, the keys it is bound to, and the one it showed. */
function pinOf(host: string, binding: Binding, stderr: string): [string, readonly string[], string] {
  const named = /(?:host key is known for|[Hh]ost key for) (\S+) (?:and|has)/u.exec(stderr)?.[1];
  const failed = named !== undefined && named in binding.hosts ? named : host;
  const expected = binding.hosts[failed]?.hostKeys.map(fingerprint) ?? [];
  const offered = [...stderr.matchAll(/Server host key: (\S+ SHA256:\S+)/gu)].at(-1)?.[1];
  return [failed, expected, offered ?? "one that ssh did not tell"];
}
