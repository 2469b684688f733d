import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Call } from "../../../dsl/drill.ts";
import type { Binding } from "../../binding.ts";
import { exitCode } from "../../exit-codes.ts";
import { loadProject } from "../../project.ts";
import { styleOf } from "../../report/style.ts";
import { readBinding } from "../../runtime/binding-file.ts";
import { kitOf } from "../compile/kit-of.ts";
import { callsOf } from "../ready/calls.ts";
import { loadSchedules } from "../schedule/load.ts";
import { raiseAlarm } from "./alarm.ts";
import { askCopies, readsOfCopies, type Answered } from "./ask-copies.ts";
import { watched, type Watched } from "./copies.ts";
import { nothingToWatch } from "./errors.ts";
import { prometheusText } from "./prometheus.ts";
import { watchText } from "./text.ts";

export interface WatchFlags {
  readonly binding: string;
  readonly json?: true;
  readonly prometheus?: string;
  readonly alarm?: string;
}

const codes: Readonly<Record<Watched["verdict"], number>> = {
  sound: exitCode.success,
  wrong: exitCode.failed,
  "not known": exitCode.unknown,
};

/** The name of stdout as a file. */
const stdout = "-";

/** Each check costs a process of its own here, and waits for a host that reads. */
const atATime = 4;

/**
 * Asks the holders what they keep, by the checks of the project's schedules, and reports it. Changes nothing. Resolves with
 * 0 when every copy is sound, 1 when one is not or the alarm did not get out, 4 when a check gave no answer. @throws RunError
 */
export async function watch(names: readonly string[], flags: WatchFlags): Promise<number> {
  const project = await loadProject(process.cwd());
  const file = resolve(flags.binding);
  const { binding } = readBinding(file);
  const calls = checksOf((await loadSchedules(project, names)).flatMap(({ options }) => options.calls));
  if (calls.length === 0) throw nothingToWatch();
  const runbooks = [...new Set(calls.map(({ runbook }) => runbook.plan.id))];
  const made = await kitOf(project, await Promise.all(runbooks.map((runbook) => project.runbook(runbook))));
  if (!made) return exitCode.failed;

  let answered = 0;
  const { atOnce } = await import("../../runtime/at-once.ts");
  const answers = await atOnce(atATime, calls, async (call) => {
    const answer = await ask(call, made.kit.scripts.get(call.runbook.plan.id) ?? "", file, binding);
    answered += 1;
    process.stderr.write(
      `${answered} of ${calls.length}: ${call.runbook.plan.id} ${Object.values(call.params ?? {}).join(" ")}\n`,
    );
    return answer;
  });
  const all = answers.map((answer, index) => settled(answer, calls[index]));
  const found = watched(
    new Date().toISOString(),
    all.flatMap(({ copies }) => copies),
    all.flatMap(({ unanswered }) => unanswered),
  );

  if (flags.prometheus !== undefined && flags.prometheus !== stdout) {
    await writeWhole(flags.prometheus, prometheusText(found));
  }
  process.stdout.write(reported(found, flags));
  if (flags.alarm === undefined || found.verdict === "sound") return codes[found.verdict];
  return (await raiseAlarm(flags.alarm, found)) ? codes[found.verdict] : exitCode.failed;
}

function reported(found: Watched, flags: WatchFlags): string {
  if (flags.prometheus === stdout) return prometheusText(found);
  return flags.json
    ? `${JSON.stringify(found)}
`
    : watchText(found, styleOf(process.stdout));
}

/** The calls that tell of copies, none of them twice. */
function checksOf(calls: readonly Call[]): readonly Call[] {
  const checks = calls.filter(({ runbook }) => readsOfCopies(runbook.plan).size > 0);
  return [...new Map(checks.map((call) => [JSON.stringify([call.runbook.plan.id, call.params]), call])).values()];
}

async function ask(
  { runbook: { plan }, params = {} }: Call,
  script: string,
  file: string,
  binding: Binding,
): Promise<Answered> {
  const wrong = callsOf(plan, binding, params).flatMap(({ findings }) => findings)[0];
  if (!wrong) return askCopies(plan, script, file, params);
  const why = `${wrong.host ? `${wrong.host}: ` : ""}${wrong.what}`;
  return { copies: [], unanswered: [{ runbook: plan.id, params, why }] };
}

function settled(answer: PromiseSettledResult<Answered> | undefined, call: Call | undefined): Answered {
  if (answer?.status === "fulfilled") return answer.value;
  const why = answer?.reason instanceof Error ? answer.reason.message : String(answer?.reason);
  return { copies: [], unanswered: [{ runbook: call?.runbook.plan.id ?? "", params: call?.params ?? {}, why }] };
}

/** Who reads the file meanwhile reads the old one or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
