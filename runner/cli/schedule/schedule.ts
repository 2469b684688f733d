import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { exitCode } from "../../exit-codes.ts";
import { makeFolders } from "../../make-folders.ts";
import { loadProject } from "../../project.ts";
import { shellWord } from "../../report/words.ts";
import { readBinding } from "../../runtime/binding-file.ts";
import { kitOf } from "../compile/kit-of.ts";
import { callsOf } from "../ready/calls.ts";
import { callNotBound } from "./errors.ts";
import { loadSchedule } from "./load.ts";
import { unitsOf } from "./units.ts";

export interface ScheduleFlags {
  readonly binding: string;
  readonly units: string;
  readonly notify?: string;
}

/** Writes a kit with the scripts of a schedule, and the units that call them. Resolves with the exit code. @throws RunError */
export async function writeSchedule(name: string, flags: ScheduleFlags): Promise<number> {
  const project = await loadProject(process.cwd());
  const { id, options } = await loadSchedule(project, name);
  const file = resolve(flags.binding);
  const { binding } = readBinding(file);
  for (const { runbook, params = {} } of options.calls) {
    const wrong = callsOf(runbook.plan, binding, params).flatMap(({ findings }) => findings)[0];
    if (wrong) throw callNotBound(runbook.plan.id, `${wrong.host ? `${wrong.host}: ` : ""}${wrong.what}`);
  }

  const runbooks = [...new Set(options.calls.map(({ runbook }) => runbook.plan.id))];
  const files = await Promise.all(runbooks.map((runbook) => project.runbook(runbook)));
  const made = await kitOf(project, files);
  if (!made) return exitCode.failed;
  const { kit } = made;

  const units = unitsOf({
    id,
    ...(options.on && { on: options.on }),
    at: options.at,
    calls: options.calls.map(({ runbook: { plan }, params = {}, answers = {} }) => ({
      runbook: plan.id,
      words: [
        kit.scripts.get(plan.id) ?? "",
        "--binding",
        file,
        "--plain",
        ...(flags.notify === undefined ? [] : ["--notify", flags.notify]),
        ...Object.entries(params).flatMap(([param, text]) => [`--${param}`, text]),
        ...Object.entries(answers).flatMap(([step, answer]) => ["--answer", `${step}=${answer}`]),
      ],
    })),
  });
  const folder = resolve(project.root, flags.units);
  makeFolders(folder);
  for (const [unit, text] of units) await writeFile(join(folder, unit), text);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  for (const unit of units.keys()) say(relative(process.cwd(), join(folder, unit)));
  say(`
The machine that they are installed on makes the calls, from ${kit.folder}. To install them there, as root:
  install -m 0644 -t /etc/systemd/system ${shellWord(folder)}/drillbook-${id}*
  systemctl daemon-reload && systemctl enable --now drillbook-${id}.timer`);
  return exitCode.success;
}
