import { commandsOf, sameCommand } from "../../../plan/commands.ts";
import type {
  ChangeStep,
  ConfirmStep,
  ForEachStep,
  OnEachStep,
  Plan,
  PlanSource,
  ReadStep,
  Step,
  WhenStep,
} from "../../../plan/plan.ts";
import { walk } from "../../../plan/walk.ts";
import { changeBlocks, commandBlock, readBlock } from "./blocks.ts";
import { code, plain, prose } from "./markdown.ts";
import type { Rehearsal } from "../../../plan/rehearsal.ts";
import { Shells, type Provenance } from "./shells.ts";
import { asset, form, host, predicate, span, value } from "./words.ts";

/** Writes the steps of a plan for a person who follows them by hand. */
export class StepPages {
  readonly #source: PlanSource;
  readonly #numbers: ReadonlyMap<string, string>;
  readonly #provenance: ReadonlyMap<string, Provenance>;
  readonly #seconds: Readonly<Record<string, number>>;
  readonly #pointOfNoReturn: string | undefined;

  /** @param rehearsal the newest drill of the runbook: how long its changes took there is said beside them */
  constructor(plan: Plan, source: PlanSource, rehearsal: Rehearsal | undefined) {
    this.#source = source;
    this.#seconds = rehearsal?.stepSeconds ?? {};
    this.#numbers = new Map(numbered(plan.steps, ""));
    this.#provenance = provenanceOf(plan, this.#numbers);
    this.#pointOfNoReturn = [...walk(plan.steps)].find(
      (step) => step.kind === "change" && step.destroys.length > 0,
    )?.id;
  }

  all(steps: readonly Step[]): string {
    return this.#steps(steps, new Shells(this.#provenance), 3).join("\n\n");
  }

  #steps(steps: readonly Step[], shells: Shells, depth: number): readonly string[] {
    return steps.flatMap((step) => [...this.#opening(step, depth), ...this.#body(step, shells, depth)]);
  }

  #opening(step: Step, depth: number): readonly string[] {
    const number = this.#number(step);
    const comment = this.#source.steps[step.id]?.comment;
    return [
      `${"#".repeat(Math.min(depth, 6))} Step ${number}. ${plain(step.title)}`,
      ...(comment ? [prose(comment)] : []),
    ];
  }

  #body(step: Step, shells: Shells, depth: number): readonly string[] {
    switch (step.kind) {
      case "read":
        return this.#read(step, shells);
      case "change":
        return this.#change(step, shells);
      case "confirm":
        return this.#confirm(step);
      case "when":
        return this.#when(step, shells, depth);
      case "for-each":
        return this.#forEach(step, shells, depth);
      case "on-each":
        return this.#onEach(step, shells, depth);
    }
  }

  #read(step: ReadStep, shells: Shells): readonly string[] {
    const { on, as, gives } = step;
    const ref = `step:${step.id}`;
    const parts = [
      shells.goTo(on, as, this.#number(step)),
      ...shells.bring(on, as, refsIn(step)),
      "Run:",
      readBlock(step),
      `Note down what it prints after its status as ${value(ref)}: ${form(gives)}.${"optional" in gives ? " It may be empty." : ""}`,
    ];
    shells.keep(on, as, ref);
    return parts;
  }

  #change(step: ChangeStep, shells: Shells): readonly string[] {
    const { on, as, stdin, verify, undo } = step;
    const values = [...refsIn(step), ...(stdin && "ref" in stdin ? [stdin.ref] : [])];
    return [
      ...this.#warning(step),
      shells.goTo(on, as, this.#number(step)),
      ...shells.bring(on, as, values),
      ...this.#time(step),
      ...inEffect(step),
      ...this.#guards(step),
      stdin && "secret" in stdin
        ? `Type the secret ${code(stdin.secret)}, unseen, press Enter, then run the command:`
        : "Run:",
      ...changeBlocks(step),
      "Afterwards this must print `exit status: 0`:",
      commandBlock(verify),
      ...(undo ? ["To take it back:", commandBlock(undo)] : []),
    ];
  }

  #warning({ id, destroys }: ChangeStep): readonly string[] {
    if (destroys.length === 0) return [];
    const last =
      id === this.#pointOfNoReturn ? " Up to here everything could be left as it was; from here on it cannot." : "";
    return [`**This destroys ${destroys.map(asset).join(" and ")}.**${last}`];
  }

  #time({ id }: ChangeStep): readonly string[] {
    const seconds = this.#seconds[id];
    return seconds === undefined ? [] : [`In the drill it took ${seconds < 1 ? "less than a second" : span(seconds)}.`];
  }

  #guards({ guards }: ChangeStep): readonly string[] {
    return guards.flatMap((guard) =>
      guard.guard === "is-host"
        ? [
            `Make sure that this shell is on ${host(guard.host)} and on nothing else:`,
            commandBlock({ text: "hostname", vars: {} }),
          ]
        : [`Go on only if this prints \`exit status: 0\`, which says: ${plain(guard.title)}.`, commandBlock(guard.run)],
    );
  }

  #confirm(step: ConfirmStep): readonly string[] {
    const shown = step.evidence.map((ref) => `- ${value(ref)}: ${this.#provenance.get(ref)?.from ?? ""}`);
    return ["Decide whether to go on. Look at:", shown.join("\n"), "If any of it is not what you expect, stop here."];
  }

  #when(step: WhenStep, shells: Shells, depth: number): readonly string[] {
    const { condition, then, otherwise, gives } = step;
    const branch = (steps: readonly Step[], given: string | undefined): string =>
      `do ${this.#range(steps)}.${given ? ` Note down ${value(given)} as ${value(`step:${step.id}`)} too.` : ""}`;
    const passedOver = otherwise.length === 0 && !gives;
    return [
      `**If ${predicate(condition)}**, ${branch(then, gives?.then)}`,
      passedOver ? "**Otherwise** pass over them." : `**Otherwise** ${branch(otherwise, gives?.otherwise)}`,
      ...this.#steps(then, shells.inside(), depth + 1),
      ...this.#steps(otherwise, shells.inside(), depth + 1),
    ];
  }

  #forEach(step: ForEachStep, shells: Shells, depth: number): readonly string[] {
    const inside = shells.inside();
    inside.forget(`item:${step.id}`);
    return [
      `**For each line of ${value(step.list)}**, one after the other, do ${this.#range(step.steps)}, with that line as ${value(
        `item:${step.id}`,
      )}. Set it anew each time. If there is no line, pass this over.`,
      ...this.#steps(step.steps, inside, depth + 1),
    ];
  }

  #onEach(step: OnEachStep, shells: Shells, depth: number): readonly string[] {
    const { hosts, atOnce, stopAfter, steps } = step;
    const inside = shells.inside();
    inside.forget(`item:${step.id}`);
    const which = "param" in hosts ? `given as ${code(hosts.param)}` : `of these: ${group(hosts.hosts)}`;
    const pace =
      atOnce === 1
        ? "One host after the other"
        : `Hosts do not wait for each other: several can be in hand at the same time, ${atOnce} at most`;
    const limit =
      stopAfter === undefined
        ? ""
        : ` When it has gone wrong on ${stopAfter === 1 ? "one host" : `${stopAfter} hosts`}, begin no other.`;
    return [
      `**On each host** ${which}, do ${this.#range(steps)}. ${pace}. Note for each host how far it came.${limit}`,
      ...this.#steps(steps, inside, depth + 1),
    ];
  }

  #range(steps: readonly Step[]): string {
    const [first, last] = [steps[0], steps.at(-1)];
    if (!first || !last) return "nothing";
    return first === last ? `step ${this.#number(first)}` : `steps ${this.#number(first)} to ${this.#number(last)}`;
  }

  #number(step: Step): string {
    return this.#numbers.get(step.id) ?? "";
  }
}

function inEffect({ effect, verify, done }: ChangeStep): readonly string[] {
  if (done === "ask") {
    return [
      "Has this been done already? No probe can tell; if anybody may have, find out before you go on. Done twice, it does harm.",
    ];
  }
  const twice = effect === "once" ? " Done twice, it does harm." : "";
  if (sameCommand(done, verify)) {
    return [
      `Already in effect? If the check below the command prints \`exit status: 0\` now, pass this step over.${twice}`,
    ];
  }
  return [`Already in effect? If this prints \`exit status: 0\`, pass this step over.${twice}`, commandBlock(done)];
}

function refsIn(step: Step): readonly string[] {
  return commandsOf(step).flatMap(({ command }) => Object.values(command.vars));
}

function numbered(steps: readonly Step[], prefix: string): readonly (readonly [string, string])[] {
  return steps.flatMap((step, index) => {
    const number = `${prefix}${index + 1}`;
    const inner =
      step.kind === "when"
        ? [...step.then, ...step.otherwise]
        : step.kind === "for-each" || step.kind === "on-each"
          ? step.steps
          : [];
    return [[step.id, number] as const, ...numbered(inner, `${number}.`)];
  });
}

function provenanceOf(plan: Plan, numbers: ReadonlyMap<string, string>): ReadonlyMap<string, Provenance> {
  const from = new Map<string, Provenance>();
  for (const [name, { type }] of Object.entries(plan.params)) {
    from.set(`param:${name}`, { from: `the value chosen for ${code(name)}`, type });
  }
  for (const step of walk(plan.steps)) {
    const noted = `what step ${numbers.get(step.id)} gave, ${value(`step:${step.id}`)}`;
    if (step.kind === "read") from.set(`step:${step.id}`, { from: noted, type: step.gives });
    if (step.kind === "when" && step.gives) from.set(`step:${step.id}`, { from: noted, type: step.gives.type });
    if (step.kind === "for-each")
      from.set(`item:${step.id}`, { from: `the line at hand of ${value(step.list)}`, type: step.item });
    if (step.kind === "on-each")
      from.set(`item:${step.id}`, { from: "the name of the host at hand", type: { type: "host", role: step.role } });
  }
  return from;
}

function group(hosts: readonly string[]): string {
  return hosts.map((each) => host({ host: each })).join(", ");
}
