import type { HostRef, Need } from "../../dsl/plan/plan.ts";
import { hostsOfNeed } from "../../dsl/plan/hosts.ts";
import type { Connection } from "../transport/transport.ts";

/** Programs with the first line that each prints for `--version`; none for one that says nothing, null for one that is missing. */
export type ToolVersions = Readonly<Record<string, string | null>>;

/** The programs that a runbook needs, by host. @param params texts of its parameters, several hosts one a line */
export function toolsByHost(
  needs: readonly Need[],
  params: Readonly<Record<string, string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const tools = new Map<string, Set<string>>();
  for (const need of needs) {
    if (need.need !== "tools") continue;
    for (const host of hostsOfNeed(need).flatMap((ref) => namesOf(ref, params)))
      tools.set(host, new Set([...(tools.get(host) ?? []), ...need.programs]));
  }
  return tools;
}

function namesOf(ref: HostRef, params: Readonly<Record<string, string>>): readonly string[] {
  if ("host" in ref) return [ref.host];
  return "param" in ref ? (params[ref.param]?.split("\n") ?? []) : [];
}

/** Asks a host for programs and their versions. @throws TransportError; Error where the host cannot be asked */
export async function askTools(connection: Connection, programs: readonly string[]): Promise<ToolVersions> {
  const { status, stdout } = await connection.inline({ text: ask, vars: { programs: programs.join("\n") } }).result;
  if (status !== 0) throw new Error("its programs could not be asked for");
  const lines = new TextDecoder().decode(stdout).split("\n").filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const [there, program = "", version = ""] = line.split("\t");
      return [program, there === "+" ? version : null];
    }),
  );
}

// As nobody, without an input: a program that does not know --version can do no harm.
const ask = `while IFS= read -r program; do
  if file=$(command -v -- "$program"); then
    said=$(setpriv --reuid=65534 --regid=65534 --clear-groups -- timeout 5 "$file" --version </dev/null 2>&1 || true)
    said=\${said%%$'\\n'*}
    printf '+\\t%s\\t%s\\n' "$program" "\${said//[[:cntrl:]]/ }"
  else
    printf -- '-\\t%s\\n' "$program"
  fi
done <<< "$programs"`;

/** The first number in a version's line that stands by itself: 15.8 of \`psql (PostgreSQL) 15.8 (Debian 15.8-0)\`. */
export function versionIn(line: string): string | undefined {
  return /(?<![\w.])\d+(?:\.\d+)*/u.exec(line)?.[0];
}
