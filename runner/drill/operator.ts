import type { Call } from "../../dsl/drill.ts";
import type { Plan } from "../../dsl/plan/plan.ts";
import type { ToolsByRole } from "../../dsl/plan/rehearsal.ts";
import { walk } from "../../dsl/plan/walk.ts";
import type { Record as JournalRecord } from "../journal/record.ts";
import { stepOf } from "../journal/step-id.ts";
import type { Stage } from "./course.ts";
import type { DrillKit } from "./kit.ts";
import type { HostVersions } from "../runtime/versions.ts";
import { asRecord } from "./records.ts";
import { whyItStopped } from "./stopped.ts";
import type { OperatorSeat, World } from "./world.ts";

const variablePrefix = "DRILL_SECRET_";
const secretArgument = (variable: string): string =>
  `--secret=${variable.slice(variablePrefix.length)}=env:${variable}`;

/** What came of a script that the operator ran. */
export interface Performance {
  readonly records: readonly JournalRecord[];
  /** Why it stopped short of its end; absent when it did not. */
  readonly stopped?: string;
}

/** The operator of a world, with the drill's kit. */
export class Operator {
  readonly #seat: OperatorSeat;
  readonly #kit: DrillKit;
  readonly #world: World;

  private constructor(seat: OperatorSeat, kit: DrillKit, world: World) {
    this.#seat = seat;
    this.#kit = kit;
    this.#world = world;
  }

  static async of(world: World, kit: DrillKit): Promise<Operator> {
    return new Operator(await world.operator(kit.folder), kit, world);
  }

  /** Runs the script of a call as it would be typed, and passes its journal on as it grows. */
  async perform(call: Call, { phase, emit, signal }: Stage): Promise<Performance> {
    const { plan, script } = this.#kit.of(call.runbook.plan.id);
    const titles = new Map([...walk(plan.steps)].map(({ id, title }) => [id, title]));
    const records: JournalRecord[] = [];
    const onLine = (line: string): void => {
      const record = asRecord(line);
      if (!record) return;
      records.push(record);
      const title = "step" in record && record.step ? titles.get(stepOf(record.step)) : undefined;
      emit({ type: "step", phase, runbook: plan.id, ...(title && { title }), record });
    };
    const env = await this.#secretsOf(plan);
    const args = ["--json", ...argumentsOf(call, plan), ...Object.keys(env).map(secretArgument)];
    const result = await this.#seat.run(script.name, args, { env, onLine, signal });
    signal.throwIfAborted();
    return result.code === 0 ? { records } : { records, stopped: whyItStopped(result, records, titles) };
  }

  /** The secrets that a script asks for, as variables of its environment. */
  async #secretsOf({ secrets }: Plan): Promise<Readonly<Record<string, string>>> {
    const pairs = secrets.map(async (name) => [variablePrefix + name, await this.#world.secret(name)] as const);
    return Object.fromEntries(await Promise.all(pairs));
  }

  /** What the hosts have of the programs that a call needs, by role. What cannot be told is left out. */
  async versions(call: Call): Promise<ToolsByRole> {
    const { plan, script } = this.#kit.of(call.runbook.plan.id);
    if (!plan.needs.some(({ need }) => need === "tools")) return {};
    const { code, stdout, stderr } = await this.#seat.run(script.name, ["--versions", ...paramsOf(call)]);
    if (code !== 0) throw new Error(`${script.name} --versions: ${stderr.trim()}`);
    const { hosts } = JSON.parse(stdout) as HostVersions;
    return Object.fromEntries(
      Object.values(hosts).map(({ role, tools }) => [
        role,
        Object.fromEntries(Object.entries(tools).filter((pair): pair is [string, string] => Boolean(pair[1]))),
      ]),
    );
  }
}

/** @param plan what the script was made of: a step that was left out of the call's runbook asks nothing */
function argumentsOf({ runbook, params = {}, answers = {} }: Call, plan: Plan): readonly string[] {
  const [whole, kept] = [runbook.plan, plan].map((each) => new Set([...walk(each.steps)].map(({ id }) => id)));
  const asked = Object.entries(answers).filter(([step]) => kept?.has(step) || !whole?.has(step));
  return [...paramsOf({ params }), ...asked.map(([step, answer]) => `--answer=${step}=${answer}`)];
}

// A value is never an argument of its own, so that it may begin with a hyphen.
function paramsOf({ params = {} }: Pick<Call, "params">): readonly string[] {
  return Object.entries(params).map(([name, value]) => `--${name}=${value}`);
}
