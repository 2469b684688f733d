import { exitCode } from "../exit-codes.ts";
import { jsonPlan, plainPlan } from "../report/plan-sink.ts";
import type { ExitCode } from "../run-error.ts";
import { SshTransport } from "../transport/ssh.ts";
import { HostCommands } from "./host-commands.ts";
import { Hosts } from "./hosts.ts";
import { Interrupt } from "./interrupt.ts";
import { Mask } from "./mask.ts";
import { planTools } from "./plan-tools.ts";
import { Planning } from "./planning.ts";
import type { Prepared } from "./prepare.ts";
import type { ScriptTools } from "./script-api.ts";
import { stoppedBy } from "./stopping.ts";

/** Says what a run would do now. No lock is taken, nothing is recorded, nothing is changed. */
export async function plan(
  { call, hosts: names, params, binding }: Prepared,
  body: (tools: ScriptTools) => Promise<void>,
): Promise<ExitCode> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  using interrupt = new Interrupt(() => say("Stopping. Once more leaves at once."));
  await using transport = new SshTransport({ binding: binding.binding, run: "plan", mode: "plan" });
  await using hosts = new Hosts(transport, async () => {});
  const planning = new Planning(
    new HostCommands(hosts, interrupt, new Mask([])),
    () => interrupt.check(),
    call.json ? jsonPlan : plainPlan(),
  );
  try {
    await interrupt.watch(hosts.reach(names));
    await body(planTools(planning, params));
    say(summary(planning.counts));
    return exitCode.success;
  } catch (caught) {
    const error = stoppedBy(caught);
    say(`\n${error.message}`);
    return error.exitCode;
  }
}

function summary({ wouldRun, inEffect, destroys }: Planning["counts"]): string {
  const lost = destroys > 0 ? ` What they destroy: ${destroys} in all, marked above.` : "";
  return `\n${wouldRun} changes would run, ${inEffect} are in effect already.${lost} Nothing was changed.`;
}
