import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Lines } from "./lines.ts";
import { supervisorText } from "./supervisor-text.ts";

/** Where a supervisor keeps its files, and the shell it runs under. */
export interface Launch {
  /** A POSIX shell and its options, as words: `sh`, `bash --posix`. */
  readonly shell: string;
  /** Kept over a reboot. */
  readonly state: string;
  /** Empty after a reboot. */
  readonly live: string;
}

export const launchOnHost: Launch = { shell: "/bin/sh", state: "/var/lib/drillbook", live: "/run/drillbook" };

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What the supervisor uses that is no part of a shell.
const tools =
  "bash setsid flock setpriv sed stdbuf env id head tail cat base64 mkdir mkfifo mv rm touch ls sleep sync".split(" ");

/**
 * The program that becomes the supervisor: it greets, and reads the supervisor's text from its stdin. Nothing is sent
 * before the greeting was seen, so that whatever a login shell's start-up files read or print does no harm. Free of
 * quotes, backslashes and exclamation marks, so that any login shell hands it on unchanged within single quotes.
 */
export function launcher({ shell, state, live }: Launch): string {
  return [
    `PATH=${path}; export PATH; missing=`,
    `for tool in ${tools.join(" ")}; do command -v $tool >/dev/null || missing="$missing $tool"; done`,
    `echo; echo "${greeting}\${missing:- ready}"; test -z "$missing" || exit 1`,
    `exec env -i PATH=$PATH LC_ALL=C setsid -w ${shell} -c "$(head -c ${textBytes.length})" drillbook ${state} ${live}`,
  ].join("; ");
}

/** Resolves once the supervisor reads requests; names the tools that the machine lacks, if it does. */
export async function greeted(child: ChildProcessWithoutNullStreams, lines: Lines): Promise<readonly string[]> {
  for (;;) {
    const line = await lines.next();
    if (!line.startsWith(`${greeting} `)) continue;
    const missing = line.slice(greeting.length + 1);
    if (missing !== "ready") return missing.split(" ");
    child.stdin.write(textBytes);
    return [];
  }
}

const greeting = "drillbook supervisor";
const textBytes = Buffer.from(supervisorText, "utf8");
