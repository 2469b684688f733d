import type { HeldGuard } from "../report/plan-sink.ts";
import { commandOf } from "./host-shell.ts";
import { guardTitle } from "./guards.ts";
import type { At } from "./host-commands.ts";
import { planned, plannedValues, type Planning } from "./planning.ts";
import { probe, type Probed } from "./probe.ts";
import { badOutput, stepFailed } from "./run-errors.ts";
import type { ScriptChange, ScriptRead } from "./script-api.ts";
import { captured } from "./typed.ts";
import { Held, hostName } from "./value.ts";

/** Looks, where what a run would see there can be seen now. @throws RunError DB3301, DB3302: a run would stop here */
export async function planRead(planning: Planning, id: string, step: ScriptRead): Promise<Held> {
  planning.check();
  const host = hostName(step.on);
  const gives = await look(planning, id, { ...step, host });
  planning.say({ planned: "read", id, title: step.title, host, ...planning.takes(id), gives: planned(gives) });
  return gives;
}

async function look(planning: Planning, id: string, step: ScriptRead & At): Promise<Held> {
  if (planning.unmet !== undefined) return Held.unknown(id, planning.unmet);
  const { status, stdout, stderr } = await planning.commands.inline(step, step.run);
  if (status !== 0) {
    process.stderr.write(stderr);
    throw stepFailed(step.title, step.host, "command", status);
  }
  const value = captured(step.gives, stdout);
  if ("wrong" in value) throw badOutput(step.title, step.host, value.wrong);
  return Held.known(id, value.value);
}

/** Asks whether a change is in effect, and shows what would run. */
export async function planChange(planning: Planning, id: string, step: ScriptChange): Promise<void> {
  planning.check();
  const host = hostName(step.on);
  const { text, values } = commandOf(step.run);
  const { answer, detail } = await asked(planning, { ...step, host });
  const destroys = (step.destroys ?? []).map(({ of, asset }) => `${hostName(of)} ${asset}`);
  // Behind a change that is still to be made, a probe that cannot tell mostly misses what that change would bring.
  const untold = answer === "unknown" && planning.unmet === undefined;
  const state = untold
    ? ({ state: "cannot tell", detail } as const)
    : ({ state: answer === "yes" ? "in effect already" : "would run" } as const);
  const first = planning.unmet === undefined && answer !== "yes";
  const held = first ? await heldGuards(planning, { ...step, host }) : [];
  planning.say({
    planned: "change",
    id,
    title: step.title,
    host,
    ...(step.as !== undefined && { as: step.as }),
    command: text,
    values: plannedValues(values),
    effect: step.effect,
    ...state,
    guards: (step.guards ?? []).map(guardTitle),
    ...(held.length > 0 && { held }),
    destroys,
    ...planning.takes(id),
    ...(destroys.length > 0 && planning.destroys.length === 0 && { pointOfNoReturn: true }),
  });
  // A new run makes what is in effect already once more.
  planning.counts.wouldRun += 1;
  planning.destroys.push(...destroys);
  if (answer === "yes") planning.counts.inEffect += 1;
  else planning.unmet ??= step.title;
}

/** What only a person can tell, or follows from what is not known yet, is planned to run. */
async function asked(planning: Planning, step: ScriptChange & At): Promise<Probed> {
  const done = step.done ?? step.verify;
  if (done === "ask" || !planning.ready(done)) return { answer: "no", detail: "" };
  return await probe(planning.commands, step, done);
}

/** The probes among the guards of the first change that would run: what they look at is as a run would find it. */
async function heldGuards(planning: Planning, step: ScriptChange & At): Promise<readonly HeldGuard[]> {
  const held: HeldGuard[] = [];
  for (const guard of step.guards ?? []) {
    if (guard.guard !== "holds" || !planning.ready(guard.run)) continue;
    const { answer, detail } = await probe(planning.commands, step, guard.run);
    held.push({ title: guard.title, answer, detail });
  }
  return held;
}
