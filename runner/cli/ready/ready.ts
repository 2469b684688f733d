import { resolve } from "node:path";
import type { Compiled } from "../../../dsl/compile/compiled.ts";
import { exitCode } from "../../exit-codes.ts";
import { loadProject } from "../../project.ts";
import { kitOf } from "../compile/kit-of.ts";
import { askHosts } from "./ask-hosts.ts";
import { askPlan } from "./ask-plan.ts";
import { callsOf, toolsOf } from "./calls.ts";
import { driftOf } from "./drift.ts";
import { readiness, type Asked, type Readiness } from "./findings.ts";
import { readyText } from "./text.ts";

export interface ReadyFlags {
  readonly binding: string;
  readonly json?: true;
  /** Values of parameters, by name. */
  readonly with: Readonly<Record<string, string>>;
}

const codes: Readonly<Record<Readiness, number>> = {
  ready: exitCode.success,
  "not ready": exitCode.failed,
  "not known": exitCode.unknown,
};

/**
 * Says what would stop a recovery today, by runbook: looks at the bound hosts, changes nothing. Resolves with 0 when all
 * is ready, 1 when something is not, 4 when something could not be known. @throws RunError
 */
export async function ready(names: readonly string[], flags: ReadyFlags): Promise<number> {
  const [{ readBinding }, { writeRehearsals }, project] = await Promise.all([
    import("../../runtime/binding-file.ts"),
    import("../compile/rehearsals.ts"),
    loadProject(process.cwd()),
  ]);
  const file = resolve(flags.binding);
  const { binding } = readBinding(file);
  const runbooks =
    names.length > 0 ? await Promise.all(names.map((name) => project.runbook(name))) : await project.runbooks();
  const made = await kitOf(project, runbooks);
  if (!made) return exitCode.failed;
  const { kit, compiled } = made;
  const rehearsals = await writeRehearsals(kit.folder, project.root, compiled);
  const calls = compiled.flatMap((each) => callsOf(each.plan, binding, flags.with).map((call) => ({ each, call })));

  const tools = new Map<string, Set<string>>();
  for (const { each, call } of calls) {
    for (const [host, programs] of toolsOf(each.plan, call)) {
      if (host in binding.hosts) tools.set(host, new Set([...(tools.get(host) ?? []), ...programs]));
    }
  }
  progress(`${tools.size} hosts: logging in`);
  const hosts = await askHosts(binding, tools);

  const asked: Asked[] = [];
  for (const [index, { each, call }] of calls.entries()) {
    const { plan } = each;
    const needed = toolsOf(plan, call);
    const found = [...call.findings, ...[...needed.keys()].flatMap((host) => hosts.get(host)?.findings ?? [])];
    // Where the hosts themselves stand against it, the script would only say the same.
    const askable = readiness(found) === "ready";
    progress(`${index + 1} of ${calls.length}: ${plan.id} ${Object.values(call.params).join(" ")}`);
    const drift = driftOf(rehearsals.get(plan.id) ?? [], [...needed], binding, hosts);
    const more = askable ? await askPlan(plan, kit.scripts.get(plan.id) ?? "", file, call) : [];
    asked.push(answerOf(each, call.params, [...found, ...drift, ...more]));
  }
  const verdict = readiness(asked.flatMap(({ findings }) => findings));
  process.stdout.write(
    flags.json ? `${JSON.stringify({ v: 1, readiness: verdict, runbooks: asked })}\n` : readyText(asked, verdict),
  );
  return codes[verdict];
}

function answerOf({ plan }: Compiled, params: Asked["params"], findings: Asked["findings"]): Asked {
  return { runbook: plan.id, kind: plan.kind, params, readiness: readiness(findings), findings };
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
