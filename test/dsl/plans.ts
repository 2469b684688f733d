import fc from "fast-check";
import { dedent } from "../../dsl/dedent.ts";
import { variableName } from "../../dsl/identifier.ts";
import type {
  AssetRef,
  ChangeStep,
  Command,
  Guard,
  HostRef,
  Operand,
  Plan,
  Predicate,
  Step,
  TypeSpec,
} from "../../dsl/plan/plan.ts";
import { variableOf } from "../../dsl/shell.ts";
import { wordOf } from "../../dsl/template.ts";

type Draw = fc.GeneratorValue;

/** What a step may refer to. */
interface Scope {
  readonly refs: ReadonlyMap<string, TypeSpec>;
  readonly hosts: readonly HostRef[];
}

// Pieces that a template, a comment, a string or a shell could take for more than text.
const hostile = fc.constantFrom(
  ..."` \\ ${ } $ \" ' # // */ <!-- \n \t EOF <<EOF \\` \\${ \\\\ \\n é 😀 \u2028 $( ) ; | & ! * [ ] ``` ~~~ --- === - 1. | %s \ufeff".split(
    " ",
  ),
  " ",
  "  ",
  "word",
);
const hostileText = fc
  .array(hostile, { minLength: 1, maxLength: 12 })
  .map((pieces) => dedent(pieces.join("")) || "true");
const lineText = hostileText.map((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim() || "title");

const ids = fc.constantFrom(
  ..."a b newest-set read delete class params a-1 a1 x-y.z x.y-z script then await when is-host s.read load-dump arguments".split(
    " ",
  ),
);

/** Plans of every shape, their texts hostile, that hold together. */
export const plans: fc.Arbitrary<Plan> = fc.gen().map(planOf);

function planOf(draw: Draw): Plan {
  const taken = new Set<string>();
  const params: Record<string, { type: TypeSpec; doc: string }> = {};
  for (const name of ["server", "before", "new"]) {
    if (draw(fc.boolean)) continue;
    taken.add(variableName(name));
    const type: TypeSpec =
      name === "server"
        ? { type: "host", role: draw(fc.boolean) ? "database-server" : ["database-server", "store"] }
        : draw(() => scalar);
    params[name] = { type, doc: draw(() => lineText) };
  }
  if (draw(fc.boolean)) {
    taken.add("servers");
    params["servers"] = { type: { type: "list", of: { type: "host", role: "database-server" } }, doc: "" };
  }
  const hosts: HostRef[] = [
    { host: "db1" },
    { host: "backup-1" },
    ...("server" in params ? [{ param: "server" }] : []),
  ];
  const refs = new Map(Object.entries(params).map(([name, { type }]) => [`param:${name}`, type]));
  const steps = stepsOf(draw, { refs, hosts }, taken, 2);
  const recovers = draw(fc.boolean) ? { recovers: assetOf(draw, hosts) } : {};
  return {
    v: 1,
    id: "case",
    kind: "recovers" in recovers ? "recovery" : "check",
    ...recovers,
    objective: { rtoSeconds: draw(fc.nat), rpoSeconds: draw(fc.nat) },
    needs: draw(fc.boolean)
      ? [
          { need: "item", item: draw(() => lineText) },
          { need: "host", host: { host: "db1" } },
        ]
      : [],
    params,
    hosts: { db1: { role: "database-server" }, "backup-1": { role: "store" } },
    secrets: ["password"],
    steps,
  };
}

function stepsOf(draw: Draw, outer: Scope, taken: Set<string>, depth: number): readonly Step[] {
  const refs = new Map(outer.refs);
  const steps: Step[] = [];
  const count = draw(fc.integer, { min: 1, max: 4 });
  for (let index = 0; index < count; index += 1) {
    const id = idOf(draw, taken);
    const step = stepOf(draw, id, { refs, hosts: outer.hosts }, taken, depth);
    if (step.kind === "read") refs.set(`step:${id}`, step.gives);
    if (step.kind === "when" && step.gives) refs.set(`step:${id}`, step.gives.type);
    steps.push(step);
  }
  return steps;
}

function idOf(draw: Draw, taken: Set<string>): string {
  const wanted = draw(() => ids);
  let id = wanted;
  for (let count = 2; taken.has(variableName(id)); count += 1) id = `${wanted}-${count}`;
  taken.add(variableName(id));
  return id;
}

function stepOf(draw: Draw, id: string, scope: Scope, taken: Set<string>, depth: number): Step {
  const title = draw(() => lineText);
  const lists = [...scope.refs].filter(([, type]) => type.type === "list");
  const kind = draw(
    fc.constantFrom,
    "read",
    "change",
    "confirm",
    ...(depth > 0 ? (["when", "for-each"] as const) : []),
    ...(depth > 0 && !scope.hosts.some((host) => "item" in host) ? (["on-each"] as const) : []),
  );
  if (kind === "on-each") return onEachOf(draw, id, title, scope, taken, depth);
  const list = lists[0];
  if (kind === "for-each" && list && list[1].type === "list") {
    const item = list[1].of;
    const refs = new Map([...scope.refs, [`item:${id}`, item] as const]);
    return { kind, id, title, list: list[0], item, steps: stepsOf(draw, { ...scope, refs }, taken, depth - 1) };
  }
  if (kind === "when") return whenOf(draw, id, title, scope, taken, depth);
  if (kind === "confirm") return { kind, id, title, evidence: [...scope.refs.keys()].slice(0, 2) };
  if (kind === "change") return changeOf(draw, id, title, scope);
  return { kind: "read", id, title, ...whereOf(draw, scope), run: commandOf(draw, scope), gives: typeOf(draw) };
}

function onEachOf(draw: Draw, id: string, title: string, scope: Scope, taken: Set<string>, depth: number): Step {
  const role = "database-server";
  const refs = new Map([...scope.refs, [`item:${id}`, { type: "host", role }] as const]);
  const inside = { refs, hosts: [...scope.hosts, { item: id }] };
  return {
    kind: "on-each",
    id,
    title,
    hosts: scope.refs.has("param:servers") && draw(fc.boolean) ? { param: "servers" } : { hosts: ["db1"] },
    role,
    atOnce: draw(fc.integer, { min: 1, max: 200 }),
    ...(draw(fc.boolean) && { stopAfter: draw(fc.integer, { min: 1, max: 9 }) }),
    steps: stepsOf(draw, inside, taken, depth - 1),
  };
}

function whenOf(draw: Draw, id: string, title: string, scope: Scope, taken: Set<string>, depth: number): Step {
  const condition = predicateOf(draw, scope, 2);
  const then = stepsOf(draw, scope, taken, depth - 1);
  const otherwise = draw(fc.boolean) ? stepsOf(draw, scope, taken, depth - 1) : [];
  const [first, second] = [then, otherwise].map((steps) => steps.find((step) => step.kind === "read"));
  const gives =
    first?.kind === "read" && second
      ? { type: first.gives, then: `step:${first.id}`, otherwise: `step:${second.id}` }
      : undefined;
  return { kind: "when", id, title, condition, then, otherwise, ...(gives && { gives }) };
}

function changeOf(draw: Draw, id: string, title: string, scope: Scope): ChangeStep {
  const verify = commandOf(draw, scope);
  const text = [...scope.refs].find(([, { type }]) => type === "text")?.[0];
  const fed = draw(fc.constantFrom, "nothing", "secret", "value");
  const stdin =
    fed === "secret" ? { secret: "password" } : fed === "value" && text !== undefined ? { ref: text } : undefined;
  const undo = draw(fc.boolean) ? { undo: commandOf(draw, scope) } : {};
  const destroys = draw(fc.boolean) ? [assetOf(draw, scope.hosts)] : [];
  return {
    kind: "change",
    id,
    title,
    ...whereOf(draw, scope),
    effect: draw(fc.constantFrom, "idempotent", "once"),
    run: commandOf(draw, scope),
    verify,
    done: draw(fc.boolean) ? verify : draw(fc.boolean) ? "ask" : commandOf(draw, scope),
    ...undo,
    ...(stdin && { stdin }),
    guards: [
      ...(destroys.length > 0 ? [guardOf(draw, scope)] : []),
      ...(draw(fc.boolean) ? [guardOf(draw, scope)] : []),
    ],
    destroys,
  };
}

function guardOf(draw: Draw, scope: Scope): Guard {
  if (draw(fc.boolean)) return { guard: "is-host", host: draw(fc.constantFrom, ...scope.hosts) };
  return { guard: "holds", title: draw(() => lineText), run: commandOf(draw, scope) };
}

function whereOf(draw: Draw, scope: Scope): Pick<ChangeStep, "on" | "as" | "timeoutSeconds"> {
  return {
    on: draw(fc.constantFrom, ...scope.hosts),
    ...(draw(fc.boolean) && { as: "postgres" }),
    ...(draw(fc.boolean) && { timeoutSeconds: draw(fc.integer, { min: 1 }) }),
  };
}

function assetOf(draw: Draw, hosts: readonly HostRef[]): AssetRef {
  return { of: draw(fc.constantFrom, ...hosts), asset: "database" };
}

function commandOf(draw: Draw, scope: Scope): Command {
  const words = [...scope.refs].filter(([, type]) => type.type !== "list").map(([ref]) => ref);
  const used = words.length === 0 ? [] : draw(fc.array, fc.constantFrom(...words), { maxLength: 3 });
  const text = [
    draw(() => hostileText),
    ...used.flatMap((ref) => [` ${wordOf(variableOf(ref))}`, draw(() => hostileText)]),
  ].join("");
  return { text: dedent(text), vars: Object.fromEntries(used.map((ref) => [variableOf(ref), ref])) };
}

const scalar = fc.constantFrom<TypeSpec>(
  { type: "text" },
  { type: "line", optional: true },
  { type: "path" },
  { type: "integer" },
  { type: "boolean" },
  { type: "choice", of: ["fast", 'it\'s "slow"'] },
);

function typeOf(draw: Draw): TypeSpec {
  return draw(fc.boolean) ? { type: "list", of: draw(() => scalar) } : draw(() => scalar);
}

function predicateOf(draw: Draw, scope: Scope, depth: number): Predicate {
  const refs = [...scope.refs.keys()];
  const ref = refs.length > 0 ? draw(fc.constantFrom, ...refs) : undefined;
  const operand = (): Operand => (ref !== undefined && draw(fc.boolean) ? { ref } : { literal: draw(() => literals) });
  const is = draw(fc.constantFrom, "true", "present", "eq", "lt", ...(depth > 0 ? (["and", "not"] as const) : []));
  if (is === "and") return { is, all: [predicateOf(draw, scope, depth - 1), predicateOf(draw, scope, depth - 1)] };
  if (is === "not") return { is, not: predicateOf(draw, scope, depth - 1) };
  if ((is === "true" || is === "present") && ref !== undefined) return { is, ref };
  return { is: is === "lt" ? "lt" : "eq", left: operand(), right: operand() };
}

const literals = fc.oneof(lineText, fc.integer(), fc.boolean());
