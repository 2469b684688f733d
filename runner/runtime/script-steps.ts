import { canonical } from "../../dsl/plan/canonical.ts";
import { commandOf } from "./host-shell.ts";
import { commonTools } from "./run-tools.ts";
import type {
  Condition,
  Literal,
  Place,
  RunValue,
  ScriptChange,
  ScriptGuard,
  ScriptHead,
  ScriptTools,
  ShellCall,
} from "./script-api.ts";
import { Held, isValue } from "./value.ts";

/** What a script says, as data: what `--outline` prints, and two versions of a script are compared by. */
export interface ScriptSteps {
  readonly v: 1;
  readonly id: string;
  /** Names of its parameters. */
  readonly params: readonly string[];
  /** In their order: those of every branch, those of a loop once. */
  readonly steps: readonly ScriptStep[];
}

export interface ScriptStep {
  readonly id: string;
  readonly kind: "read" | "change" | "confirm";
  readonly parts: Readonly<{ readonly [P in Part]?: string }>;
}

/** What a step consists of, in the words that a person is told of it. Values in it stand as `$name`. */
export type Part =
  | "title"
  | "place"
  | "host"
  | "user"
  | "timeout"
  | "command"
  | "type"
  | "effect"
  | "postcondition"
  | "done"
  | "undo"
  | "stdin"
  | "guards"
  | "destroys"
  | "evidence";

/** Walks a script's body with tools that only take notes: whatever the parameters are, and nothing is contacted. */
export async function stepsOf(
  head: Pick<ScriptHead, "id" | "params">,
  body: (tools: ScriptTools) => Promise<void>,
): Promise<ScriptSteps> {
  const steps: ScriptStep[] = [];
  const params = Object.keys(head.params);
  const values = Object.fromEntries(params.map((name) => [name, Held.unknown(name, "")]));
  await body(sayingTools(values, (step) => void steps.push(step), ""));
  return { v: 1, id: head.id, params, steps };
}

/** @param place the branches and loops that stand around, with what decides them */
function sayingTools(
  params: Readonly<Record<string, Held>>,
  note: (step: ScriptStep) => void,
  place: string,
): ScriptTools {
  const later = (id: string): Held => Held.unknown(id, "");
  let around = place;
  const inside = async <R>(what: string, body: () => Promise<R>): Promise<R> => {
    const outer = around;
    around = `${outer}${what} > `;
    try {
      return await body();
    } finally {
      around = outer;
    }
  };
  const said = (id: string, kind: ScriptStep["kind"], parts: ScriptStep["parts"]): void =>
    note({ id, kind, parts: present({ place: around || undefined, ...parts }) });
  return {
    ...commonTools,
    ...saidConditions,
    params,
    read: async (id, step) => {
      said(id, "read", { ...where(step), command: text(step.run), type: canonical(step.gives) });
      return later(id);
    },
    change: async (id, step) => said(id, "change", { ...where(step), ...changed(step) }),
    confirm: async (id, { title, evidence }) =>
      said(id, "confirm", { title, evidence: evidence.map(operand).join(" ") }),
    when: async (id, step, then, otherwise) => {
      await inside(`${id}: if ${conditionText(step.if)}`, then);
      await inside(`${id}: if not ${conditionText(step.if)}`, async () => await otherwise?.());
      return later(id);
    },
    forEach: (id, { list, item }, body) =>
      inside(`${id}: each of ${operand(list)} (${canonical(item)})`, () => body(later(id))),
    onEach: (id, { hosts }, body) => {
      const all = "name" in hosts ? operand(hosts) : hosts.join(", ");
      return body(later(id), sayingTools(params, note, `${around}${id}: on each of ${all} > `));
    },
  };
}

interface SaidCondition extends Condition {
  readonly text: string;
}

const condition = (said: string): SaidCondition => ({ answer: undefined, waitsFor: [], text: said });
const conditionText = (given: Condition): string => (given as SaidCondition).text;

const saidConditions = {
  isTrue: (value) => condition(operand(value)),
  present: (value) => condition(`${operand(value)} is there`),
  eq: (left, right) => condition(`${operand(left)} = ${operand(right)}`),
  lt: (left, right) => condition(`${operand(left)} < ${operand(right)}`),
  and: (...all) => condition(`(${all.map(conditionText).join(" and ")})`),
  not: (one) => condition(`not ${conditionText(one)}`),
} satisfies Partial<ScriptTools>;

function where(step: {
  readonly title: string;
  readonly on: Place;
  readonly as?: string;
  readonly timeoutSeconds?: number;
}): ScriptStep["parts"] {
  const { title, on, as, timeoutSeconds } = step;
  return present({ title, host: placeText(on), user: as, timeout: timeoutSeconds && `${timeoutSeconds} s` });
}

function changed(step: ScriptChange): ScriptStep["parts"] {
  const { effect, run, verify, done, undo, stdin, guards = [], destroys = [] } = step;
  return present({
    effect,
    command: text(run),
    postcondition: text(verify),
    done: done === "ask" ? "ask" : done && text(done),
    undo: undo && text(undo),
    stdin: stdin && ("secret" in stdin ? `the secret ${stdin.secret}` : operand(stdin)),
    guards: guards.map(guardText).join("\n"),
    destroys: destroys.map(({ of, asset }) => `${placeText(of)} ${asset}`).join(", "),
  });
}

/** Only the parts that the step has. */
function present(parts: Readonly<Record<string, string | number | undefined>>): ScriptStep["parts"] {
  return Object.fromEntries(Object.entries(parts).filter(([, said]) => said !== undefined && said !== ""));
}

function guardText(guard: ScriptGuard): string {
  return guard.guard === "is-host" ? `it is ${placeText(guard.host)}` : `${guard.title}: ${text(guard.run)}`;
}

const text = (call: ShellCall): string => commandOf(call).text;
const placeText = (place: Place): string => (typeof place === "string" ? place : operand(place));
const operand = (value: RunValue | Literal): string => (isValue(value) ? `$${value.name}` : JSON.stringify(value));
