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
import { checksRefused, nothingToWatch } from "./errors.ts";
import { prometheusText } from "./prometheus.ts";
import { watchLine, watchText } from "./text.ts";

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
 * 0 when every copy is sound, 1 when one is not or the alarm did not get out, 4 when a check gave no answer. The alarm is
 * raised before anything else is done with what was found, and when nothing could be asked at all. @throws RunError
 */
export async function watch(names: readonly string[], flags: WatchFlags): Promise<number> {
  const found = await look(names, flags.binding).catch(async (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    if (flags.alarm !== undefined) await raiseAlarm(flags.alarm, `not known; the watch itself failed: ${why}`, {});
    throw error;
  });
  const told =
    flags.alarm === undefined || found.verdict === "sound" || (await raiseAlarm(flags.alarm, watchLine(found), found));
  process.stdout.write(reported(found, flags));
  if (flags.prometheus !== undefined && flags.prometheus !== stdout) {
    await writeWhole(flags.prometheus, prometheusText(found));
  }
  return told ? codes[found.verdict] : exitCode.failed;
}

async function look(names: readonly string[], bindingFile: string): Promise<Watched> {
  const project = await loadProject(process.cwd());
  const file = resolve(bindingFile);
  const { binding } = readBinding(file);
  const calls = checksOf((await loadSchedules(project, names)).flatMap(({ options }) => options.calls));
  if (calls.length === 0) throw nothingToWatch();
  const runbooks = [...new Set(calls.map(({ runbook }) => runbook.plan.id))];
  const made = await kitOf(project, await Promise.all(runbooks.map((runbook) => project.runbook(runbook))));
  if (!made) throw checksRefused();

  let answered = 0;
  const { atOnce } = await import("../../runtime/at-once.ts");
  const answers = await atOnce(atATime, calls, async (call) => {
    const answer = await ask(call, made.kit.scripts.get(call.runbook.plan.id) ?? "", file, binding);
    answered += 1;
    const words = [call.runbook.plan.id, ...Object.values(call.params ?? {})].join(" ");
    process.stderr.write(`${answered} of ${calls.length}: ${words}\n`);
    return answer;
  });
  const all = answers.map((answer, index) => settled(answer, calls[index]));
  const [copies, unanswered] = [all.flatMap((each) => each.copies), all.flatMap((each) => each.unanswered)];
  return watched(new Date().toISOString(), copies, unanswered);
}

function reported(found: Watched, flags: WatchFlags): string {
  if (flags.prometheus === stdout) return prometheusText(found);
  return flags.json ? JSON.stringify(found) + "\n" : watchText(found, styleOf(process.stdout));
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
