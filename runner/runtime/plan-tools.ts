import type { Planned } from "../report/plan-sink.ts";
import type { Condition, OnEach, RunValue, ScriptTools } from "./script-api.ts";
import { eachHost, hostsOfEach } from "./each-host.ts";
import { planChange, planRead } from "./plan-step.ts";
import { planned, plannedValues, type Planning } from "./planning.ts";
import { commonTools } from "./run-tools.ts";
import { Held, held } from "./value.ts";

type Branch = (() => Promise<RunValue | void>) | undefined;

/** A script's tools, saying what they would do. */
export function planTools(planning: Planning, params: Readonly<Record<string, Held>>): ScriptTools {
  return {
    ...commonTools,
    params,
    read: (id, step) => planRead(planning, id, step),
    change: (id, step) => planChange(planning, id, step),
    confirm: async (id, { title, evidence }) =>
      planning.say({ planned: "confirm", id, title, evidence: plannedValues(evidence.map(held)) }),
    when: (id, step, then, otherwise) => when(planning, id, step, then, otherwise),
    forEach: async (id, { title, list }, body) => {
      const whole = held(list);
      planning.say({ planned: "for-each", id, title, list: planned(whole) });
      const items = whole.items.map((item) => Held.known(id, item));
      const shown = whole.value === undefined ? [Held.unknown(id, whole.knownAfter ?? "")] : items;
      for (const item of shown) await planning.deeper(() => body(item));
    },
    onEach: (id, step, body) => onEach(planning, params, id, step, body),
  };
}

async function when(
  planning: Planning,
  id: string,
  step: { readonly title: string; readonly if: Condition },
  then: Branch,
  otherwise: Branch,
): Promise<Held> {
  const { answer, waitsFor } = step.if;
  const { title } = step;
  if (answer !== undefined) {
    planning.say({ planned: "when", id, title, answer: answer ? "yes" : "no" });
    const given = await planning.deeper(async () => await (answer ? then : otherwise)?.());
    return given ? Held.as(id, held(given)) : Held.known(id, null);
  }
  const knownAfter = planning.unmet ?? "";
  planning.say({ planned: "when", id, title, answer: { knownAfter, waitsFor } });
  for (const [taken, branch] of [
    ["if yes", then],
    ["if no", otherwise],
  ] as const) {
    if (!branch) continue;
    planning.say({ planned: "branch", id, title, taken });
    await planning.deeper(branch);
  }
  return Held.unknown(id, knownAfter);
}

/** Hosts are looked at at the same time, and told of in their order. */
async function onEach(
  planning: Planning,
  params: Readonly<Record<string, Held>>,
  id: string,
  step: OnEach,
  body: (host: RunValue, tools: ScriptTools) => Promise<void>,
): Promise<void> {
  const each = hostsOfEach(step).map((host) => {
    const lines: Planned[] = [];
    return { host, lines, beside: planning.beside((line) => void lines.push(line)) };
  });
  const besides = new Map(each.map(({ host, beside }) => [host, beside]));
  try {
    await eachHost(step, (host) => body(Held.known(id, host), planTools(besides.get(host) ?? planning, params)));
  } finally {
    const { title, atOnce } = step;
    planning.say({ planned: "on-each", id, title, atOnce, each: each.map(({ host, lines }) => ({ host, lines })) });
    planning.join([...besides.values()]);
  }
}
