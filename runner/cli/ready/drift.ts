import type { Rehearsal } from "../../../dsl/plan/rehearsal.ts";
import type { Binding } from "../../binding.ts";
import { versionIn } from "../../runtime/host-tools.ts";
import type { HostAnswer } from "./ask-hosts.ts";
import type { Finding } from "./findings.ts";

/**
 * What the hosts have of the programs that a runbook needs, against what the hosts of their role had in its newest passed
 * drill. Another first number is another program, and no drill has shown that it works; other digits behind it are told.
 */
export function driftOf(
  rehearsals: readonly Rehearsal[],
  needed: readonly (readonly [host: string, programs: ReadonlySet<string>])[],
  binding: Binding,
  answers: ReadonlyMap<string, HostAnswer>,
): readonly Finding[] {
  const drilled = rehearsals.find(({ verdict, tools }) => verdict === "passed" && tools);
  if (!drilled?.tools) return [];
  const { drill, at, tools } = drilled;
  return needed.flatMap(([host, programs]) => {
    const had = tools[binding.hosts[host]?.role ?? ""] ?? {};
    const has = answers.get(host)?.versions ?? {};
    return [...programs].flatMap((program): readonly Finding[] => {
      const [was, is] = [had[program], has[program] ?? undefined].map((line) => line && versionIn(line));
      if (was === undefined || is === undefined || was === is) return [];
      const state = was.split(".")[0] === is.split(".")[0] ? "ok" : "unknown";
      const what = `${program} is ${is}, and was ${was} in the drill ${drill} of ${at.slice(0, 10)}`;
      return [{ kind: "drift", state, host, what }];
    });
  });
}
