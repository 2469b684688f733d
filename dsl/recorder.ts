import { toSeconds } from "./duration.ts";
import {
  branchesDiffer,
  badGroup,
  badLimit,
  destroysWithoutGuard,
  duplicateStep,
  eachInEach,
  nameCollision,
  notAList,
  outsideRunbook,
  refOutOfScope,
} from "./errors.ts";
import { slug, variableName } from "./identifier.ts";
import { noteOrigin } from "./origin.ts";
import { canonical } from "./plan/canonical.ts";
import type { Command, HostRef, HostSpec, HostsRef, Predicate as PlanPredicate, Step, TypeSpec } from "./plan/plan.ts";
import { refsOf } from "./plan/refs.ts";
import { hostItem, type HostGroup, type HostItem, type Role } from "./inventory.ts";
import type { Predicate } from "./predicate.ts";
import { isRef, makeRef, type Ref } from "./ref.ts";
import type { Change, OnEachOptions, Read, Tools } from "./step.ts";

/** Records the steps of one runbook while its body runs. */
export class Recorder {
  #steps: Step[] = [];
  #prefix = "";
  /** Title of the `onEach` whose body is running. */
  #each: string | undefined;
  readonly #ids = new Set<string>();
  /** Variable name to the ref that has it: two refs may not share one. */
  readonly #variables = new Map<string, string>();
  #visible: Set<string>;
  readonly #hosts = new Map<string, HostSpec>();

  constructor(params: readonly string[]) {
    this.#visible = new Set(params.map((param) => `param:${param}`));
    for (const param of params) this.#name(`param:${param}`, param);
  }

  /** The steps recorded so far, in order. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** The hosts of the inventory that were named, by name in order, with their roles. */
  get hosts(): Readonly<Record<string, HostSpec>> {
    return Object.fromEntries([...this.#hosts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Notes that the plan names a host. */
  names(ref: HostRef, role: Role): HostRef {
    if ("host" in ref) this.#hosts.set(ref.host, { role: role.name });
    if ("item" in ref) this.#see(`item:${ref.item}`);
    return ref;
  }

  /** Runs `body` with every step's id extended by `prefix`. */
  prefixed<R>(prefix: string, body: () => R): R {
    const outer = this.#prefix;
    this.#prefix = `${outer}${prefix}.`;
    try {
      return body();
    } finally {
      this.#prefix = outer;
    }
  }

  readonly tools: Tools = {
    read: <A>(title: string, step: Read<A>): Ref<A> => {
      const id = this.#identify(title);
      this.#use(step.run.command);
      this.#record({
        kind: "read",
        id,
        title,
        on: this.names(step.on.ref, step.on.role),
        ...where(step),
        run: step.run.command,
        gives: step.gives.spec,
        ...(step.newest && { newest: true }),
        ...(step.copies && { copies: true }),
      });
      return this.#capture<A>(`step:${id}`, id, step.gives.spec);
    },
    change: (title, step) => this.#change(title, step),
    confirm: (title, { evidence }) => {
      const id = this.#identify(title);
      this.#record({ kind: "confirm", id, title, evidence: evidence.map((ref) => this.#see(ref.ref)) });
    },
    when: ((
      title: string,
      condition: Ref<unknown> | Predicate,
      then: (ref?: Ref<unknown>) => unknown,
      otherwise?: () => unknown,
    ) => this.#when(title, condition, then, otherwise)) as Tools["when"],
    forEach: (title, list, body) => {
      const id = this.#identify(title);
      this.#see(list.ref);
      if (list.spec.type !== "list") throw notAList(list.ref);
      const item = list.spec.of;
      const { steps } = this.#scope(() => body(this.#capture(`item:${id}`, id, item)));
      this.#record({ kind: "for-each", id, title, list: list.ref, item, steps });
    },
    onEach: (title, hosts, body, options) => this.#onEach(title, hosts, body, options),
  };

  #onEach<A extends string>(
    title: string,
    hosts: HostGroup<A>,
    body: (host: HostItem<A>) => void,
    { atOnce = 50, stopAfter }: OnEachOptions = {},
  ): void {
    const id = this.#identify(title);
    if (this.#each !== undefined) throw eachInEach(title, this.#each);
    for (const limit of [atOnce, stopAfter ?? 1]) {
      if (!Number.isSafeInteger(limit) || limit < 1) throw badLimit(title, limit);
    }
    const [group, role] = this.#group(title, hosts);
    this.#each = title;
    const { steps } = this.#scope(() => {
      this.#capture(`item:${id}`, id, { type: "host", role: role.name });
      return body(hostItem(id, role));
    });
    this.#each = undefined;
    const limits = { atOnce, ...(stopAfter !== undefined && { stopAfter }) };
    this.#record({ kind: "on-each", id, title, hosts: group, role: role.name, ...limits, steps });
  }

  #group<A extends string>(title: string, hosts: HostGroup<A>): readonly [HostsRef, Role<string, A>] {
    if ("kind" in hosts) return [{ param: hosts.param }, hosts.role];
    const [first] = hosts;
    const role = first?.role as Role<string, A>;
    const names = hosts.map(({ name }) => name);
    if (!first || new Set(names).size < names.length || hosts.some((each) => each.role.name !== role.name)) {
      throw badGroup(title);
    }
    for (const each of hosts) this.names(each.ref, each.role);
    return [{ hosts: names }, role];
  }

  #change(title: string, step: Change): void {
    const id = this.#identify(title);
    const guards = step.guard ?? [];
    const destroys = (step.destroys ?? []).map((asset) => {
      this.names(asset.ref.of, asset.role);
      return asset.ref;
    });
    if (destroys.length > 0 && guards.length === 0) throw destroysWithoutGuard(title);
    const commands = [step.run, step.verify, step.undo, step.done === "ask" ? undefined : step.done];
    for (const shell of commands) if (shell) this.#use(shell.command);
    for (const { guard, host } of guards) {
      if (guard.guard === "holds") this.#use(guard.run);
      if (host) this.names(host.ref, host.role);
    }
    const done = step.done === "ask" ? "ask" : (step.done ?? step.verify).command;
    const { stdin } = step;
    this.#record({
      kind: "change",
      id,
      title,
      on: this.names(step.on.ref, step.on.role),
      ...where(step),
      effect: step.effect,
      run: step.run.command,
      verify: step.verify.command,
      done,
      ...(step.undo && { undo: step.undo.command }),
      ...(stdin && { stdin: isRef(stdin) ? { ref: this.#see(stdin.ref) } : { secret: stdin.name } }),
      guards: guards.map(({ guard }) => guard),
      destroys,
    });
  }

  #when(
    title: string,
    condition: Ref<unknown> | Predicate,
    then: (present?: Ref<unknown>) => unknown,
    otherwise: (() => unknown) | undefined,
  ): Ref<unknown> | undefined {
    const id = this.#identify(title);
    const predicate = isRef(condition) ? truth(condition) : condition.predicate;
    for (const ref of refsOf(predicate)) this.#see(ref);
    const first = this.#scope(() => then(isRef(condition) ? narrowed(condition) : undefined));
    const second = this.#scope(() => otherwise?.());
    if (isRef(first.result) && isRef(second.result) && !sameType(first.result.spec, second.result.spec)) {
      throw branchesDiffer(title);
    }
    const gives =
      isRef(first.result) && isRef(second.result)
        ? { type: first.result.spec, then: first.result.ref, otherwise: second.result.ref }
        : undefined;
    this.#record({
      kind: "when",
      id,
      title,
      condition: predicate,
      then: first.steps,
      otherwise: second.steps,
      ...(gives && { gives }),
    });
    return gives && this.#capture(`step:${id}`, id, gives.type);
  }

  /** Runs a branch: its steps apart, its captures visible only in it. */
  #scope<R>(body: () => R): { readonly steps: readonly Step[]; readonly result: R } {
    const [steps, visible] = [this.#steps, this.#visible];
    this.#steps = [];
    this.#visible = new Set(visible);
    try {
      const result = body();
      return { steps: this.#steps, result };
    } finally {
      this.#steps = steps;
      this.#visible = visible;
    }
  }

  #record(step: Step): void {
    this.#steps.push(noteOrigin(step));
  }

  #identify(title: string): string {
    const id = this.#prefix + slug(title);
    if (this.#ids.has(id)) throw duplicateStep(id);
    this.#ids.add(id);
    return id;
  }

  #capture<A>(ref: string, id: string, spec: TypeSpec): Ref<A> {
    this.#name(ref, id);
    this.#visible.add(ref);
    return makeRef<A>(ref, spec);
  }

  #name(ref: string, id: string): void {
    const variable = variableName(id);
    if (this.#variables.has(variable)) throw nameCollision(variable);
    this.#variables.set(variable, ref);
  }

  #use(command: Command): void {
    for (const ref of Object.values(command.vars)) this.#see(ref);
  }

  #see(ref: string): string {
    if (!this.#visible.has(ref)) throw refOutOfScope(ref);
    return ref;
  }
}

let current: Recorder | undefined;

/** The recorder of the runbook whose body is running. */
export function recorder(what: string): Recorder {
  if (!current) throw outsideRunbook(what);
  return current;
}

/** Runs a body with `active` as the recorder. */
export function recording<R>(active: Recorder, body: () => R): R {
  const outer = current;
  current = active;
  try {
    return body();
  } finally {
    current = outer;
  }
}

function where(step: Pick<Change, "as" | "timeout">): { readonly as?: string; readonly timeoutSeconds?: number } {
  return { ...(step.as && { as: step.as }), ...(step.timeout && { timeoutSeconds: toSeconds(step.timeout) }) };
}

function truth(ref: Ref<unknown>): PlanPredicate {
  return { is: "optional" in ref.spec || ref.spec.type !== "boolean" ? "present" : "true", ref: ref.ref };
}

function sameType(a: TypeSpec, b: TypeSpec): boolean {
  return canonical(a) === canonical(b);
}

function narrowed(ref: Ref<unknown>): Ref<unknown> {
  if (!("optional" in ref.spec)) return ref;
  const { optional: _, ...spec } = ref.spec;
  return makeRef(ref.ref, spec);
}
