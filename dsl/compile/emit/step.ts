import type {
  ChangeStep,
  Command,
  ForEachStep,
  Guard,
  HostRef,
  OnEachStep,
  ReadStep,
  Step,
  WhenStep,
} from "../../plan/plan.ts";
import { sameCommand } from "../../plan/commands.ts";
import { walk } from "../../plan/walk.ts";
import { template } from "./command.ts";
import { condition } from "./condition.ts";
import { literal } from "./literal.ts";

const toolOf = {
  read: "read",
  change: "change",
  confirm: "confirm",
  when: "when",
  "for-each": "forEach",
  "on-each": "onEach",
} as const satisfies Record<Step["kind"], string>;
const walkingTools = ["read", "change", "confirm", "when", "forEach"] as const;

/** Writes the steps of a plan as calls of a script's tools, and notes which tools those are. */
export class StepWriter {
  readonly tools = new Set<string>();
  readonly #names: ReadonlyMap<string, string>;
  readonly #used: ReadonlySet<string>;

  constructor(names: ReadonlyMap<string, string>, used: ReadonlySet<string>) {
    this.#names = names;
    this.#used = used;
  }

  steps(steps: readonly Step[], indent: number): string {
    return steps.map((step) => this.#step(step, indent)).join("\n\n");
  }

  #step(step: Step, indent: number): string {
    const pad = " ".repeat(indent);
    switch (step.kind) {
      case "read":
        return `${pad}${this.#kept(`step:${step.id}`)}${this.#read(step, indent)};`;
      case "change":
        return `${pad}${this.#change(step, indent)};`;
      case "confirm": {
        const evidence = `[${step.evidence.map((ref) => this.#name(ref)).join(", ")}]`;
        return `${pad}${this.#call("confirm", step, [`evidence: ${evidence}`], indent)};`;
      }
      case "when":
        return `${pad}${this.#kept(`step:${step.id}`)}${this.#when(step, indent)};`;
      case "for-each":
        return `${pad}${this.#forEach(step, indent)};`;
      case "on-each":
        return `${pad}${this.#onEach(step, indent)};`;
    }
  }

  #read(step: ReadStep, indent: number): string {
    return this.#call(
      "read",
      step,
      [...this.#where(step), `gives: ${literal(step.gives, indent + 2)}`, this.#command("run", step.run, indent)],
      indent,
    );
  }

  #change(step: ChangeStep, indent: number): string {
    const { destroys, guards, stdin, run, verify, done, undo } = step;
    return this.#call(
      "change",
      step,
      [
        ...this.#where(step),
        `effect: ${literal(step.effect)}`,
        ...some(
          destroys,
          `destroys: [${destroys.map(({ of, asset }) => `{ of: ${this.#place(of)}, asset: ${literal(asset)} }`).join(", ")}]`,
        ),
        ...some(guards, this.#guards(guards, indent + 2)),
        ...(stdin
          ? [`stdin: ${"ref" in stdin ? this.#name(stdin.ref) : `${this.#use("secret")}(${literal(stdin.secret)})`}`]
          : []),
        this.#command("run", run, indent),
        this.#command("verify", verify, indent),
        ...(done === "ask" ? [`done: "ask"`] : sameCommand(done, verify) ? [] : [this.#command("done", done, indent)]),
        ...(undo ? [this.#command("undo", undo, indent)] : []),
      ],
      indent,
    );
  }

  #guards(guards: readonly Guard[], indent: number): string {
    const pad = " ".repeat(indent);
    const members = guards.map((guard) =>
      guard.guard === "is-host"
        ? `${this.#use("isHost")}(${this.#place(guard.host)})`
        : `${this.#use("holds")}(${literal(guard.title)}, ${this.#shell(guard.run, indent + 2)})`,
    );
    const flat = `guards: [${members.join(", ")}]`;
    if (!flat.includes("\n") && indent + flat.length < 118) return flat;
    return `guards: [\n${members.map((member) => `${pad}  ${member},\n`).join("")}${pad}]`;
  }

  #when(step: WhenStep, indent: number): string {
    const test = `if: ${condition(step.condition, this.#names, (tool) => this.#use(tool))}`;
    const branches = [this.#branch(step.then, step.gives?.then, indent)];
    if (step.otherwise.length > 0 || step.gives)
      branches.push(this.#branch(step.otherwise, step.gives?.otherwise, indent));
    return this.#call("when", step, [test], indent, branches);
  }

  #forEach(step: ForEachStep, indent: number): string {
    const item = this.#used.has(`item:${step.id}`) ? this.#name(`item:${step.id}`) : "";
    const walked = [`list: ${this.#name(step.list)}`, `item: ${literal(step.item, indent + 2)}`];
    return this.#call("forEach", step, walked, indent, [this.#branch(step.steps, undefined, indent, item)]);
  }

  /** Its body gets the tools that know of the host at hand: several of them are at work at the same time. */
  #onEach(step: OnEachStep, indent: number): string {
    const { hosts, atOnce, stopAfter } = step;
    const members = [
      `hosts: ${"param" in hosts ? this.#name(`param:${hosts.param}`) : literal(hosts.hosts, indent + 2, 7)}`,
      `atOnce: ${atOnce}`,
      ...(stopAfter === undefined ? [] : [`stopAfter: ${stopAfter}`]),
    ];
    const tools = walkingTools.filter((tool) => [...walk(step.steps)].some((each) => toolOf[each.kind] === tool));
    const parameters = `${this.#name(`item:${step.id}`)}${tools.length > 0 ? `, { ${tools.join(", ")} }` : ""}`;
    // What only the body uses, it is handed.
    const outer = new Set(this.tools);
    const body = this.#branch(step.steps, undefined, indent, parameters);
    for (const tool of tools) if (!outer.has(tool)) this.tools.delete(tool);
    return this.#call("onEach", step, members, indent, [body]);
  }

  /** `async () => { … }`, giving what the branch gives. */
  #branch(steps: readonly Step[], gives: string | undefined, indent: number, parameter = ""): string {
    const lines = [
      ...(steps.length > 0 ? [this.steps(steps, indent + 2)] : []),
      ...(gives ? [`${" ".repeat(indent + 2)}return ${this.#name(gives)};`] : []),
    ];
    return lines.length === 0
      ? "async () => {}"
      : `async (${parameter}) => {\n${lines.join("\n")}\n${" ".repeat(indent)}}`;
  }

  #call(
    tool: string,
    step: { readonly id: string; readonly title: string },
    members: readonly string[],
    indent: number,
    branches: readonly string[] = [],
  ): string {
    const pad = " ".repeat(indent);
    const all = [`title: ${literal(step.title)}`, ...members].map((member) => `${pad}  ${member},\n`).join("");
    const rest = branches.map((branch) => `, ${branch}`).join("");
    return `await ${this.#use(tool)}(${literal(step.id)}, {\n${all}${pad}}${rest})`;
  }

  #where(step: ReadStep | ChangeStep): readonly string[] {
    return [
      `on: ${this.#place(step.on)}`,
      ...(step.as === undefined ? [] : [`as: ${literal(step.as)}`]),
      ...(step.timeoutSeconds === undefined ? [] : [`timeoutSeconds: ${step.timeoutSeconds}`]),
    ];
  }

  #command(key: string, command: Command, indent: number): string {
    return `${key}: ${this.#shell(command, indent + 2)}`;
  }

  #shell(command: Command, indent: number): string {
    return `($) => ${template(command, this.#names, indent)}`;
  }

  #place(host: HostRef): string {
    return "host" in host
      ? literal(host.host)
      : this.#name("param" in host ? `param:${host.param}` : `item:${host.item}`);
  }

  #name(ref: string): string {
    return this.#names.get(ref) ?? "";
  }

  /** The beginning of a statement whose value is used further on. */
  #kept(ref: string): string {
    return this.#used.has(ref) ? `const ${this.#name(ref)} = ` : "";
  }

  #use(tool: string): string {
    this.tools.add(tool);
    return tool;
  }
}

function some(list: readonly unknown[], member: string): readonly string[] {
  return list.length > 0 ? [member] : [];
}
