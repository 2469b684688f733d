import { exitCode } from "../exit-codes.ts";
import { jsonPlan, plainPlan } from "../report/plan-sink.ts";
import { rehearsalWords } from "../report/rehearsal-words.ts";
import { span } from "../report/words.ts";
import type { ExitCode } from "../run-error.ts";
import { SshTransport } from "../transport/ssh.ts";
import { HostCommands } from "./host-commands.ts";
import { Hosts } from "./hosts.ts";
import { Interrupt } from "./interrupt.ts";
import { Mask } from "./mask.ts";
import { planTools } from "./plan-tools.ts";
import { Planning } from "./planning.ts";
import type { Prepared } from "./prepare.ts";
import { planStopped } from "./run-errors.ts";
import type { ScriptTools } from "./script-api.ts";
import { stoppedBy } from "./stopping.ts";

/** Says what a run would do now. No lock is taken, nothing is recorded, nothing is changed. */
export async function plan(
  { call, hosts: names, params, binding, head, rehearsed }: Prepared,
  body: (tools: ScriptTools) => Promise<void>,
): Promise<ExitCode> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  using interrupt = new Interrupt(() => say("Stopping. Once more leaves at once."));
  await using transport = new SshTransport({ binding: binding.binding, run: "plan", mode: "plan" });
  await using hosts = new Hosts(transport, async () => {});
  const planning = new Planning(
    new HostCommands(hosts, interrupt, new Mask([])),
    () => interrupt.check(),
    rehearsed.stepSeconds,
    call.json ? jsonPlan : plainPlan(),
  );
  try {
    await interrupt.watch(hosts.reach(names));
    const { text } = rehearsalWords(rehearsed);
    if (call.json) say(text);
    else process.stdout.write(`${head.id}: what a run would do now. ${text}\n\n`);
    await body(planTools(planning, params));
    say(summary(planning, head.objective.rtoSeconds));
    return exitCode.success;
  } catch (caught) {
    const stopped = stoppedBy(caught);
    // There is no run that a resume could go on with.
    const error = stopped.exitCode === exitCode.interrupted ? planStopped() : stopped;
    say(`\n${error.message}`);
    return error.exitCode;
  }
}

function summary({ counts, destroys, expected, untimed }: Planning, objective: number): string {
  const { wouldRun, inEffect } = counts;
  const seconds = [...expected.values()].reduce((sum, each) => sum + each, 0);
  const unknown = untimed > 0 ? `, not counting ${untimed} steps that no drill has timed` : "";
  return [
    "",
    `A run would make ${wouldRun} changes; ${inEffect} of them are in effect already, and would be made once more.`,
    destroys.length > 0 ? `A run would destroy: ${[...new Set(destroys)].join(", ")}.` : "A run would destroy nothing.",
    expected.size > 0
      ? `Expected: about ${span(seconds)} by the last drill${unknown}; waits for a person come on top. The objective is ${span(objective)}.`
      : `No drill says how long it takes. The objective is ${span(objective)}.`,
    "Nothing was changed.",
  ].join("\n");
}
