import type { PlannedValue, PlanSink } from "../report/plan-sink.ts";
import type { HostCommands } from "./host-commands.ts";
import { commandOf } from "./host-shell.ts";
import type { ShellCall } from "./script-api.ts";
import type { Held } from "./value.ts";

/** What is known while a script is planned. */
export class Planning {
  readonly commands: HostCommands;
  readonly check: () => void;
  /** Title of the first change that is not in effect: nothing after it can be looked at yet. */
  unmet: string | undefined;
  readonly counts = { wouldRun: 0, inEffect: 0, destroys: 0 };
  readonly #sink: PlanSink;
  #depth = 0;

  /** @param check throws when the operator wants to stop */
  constructor(commands: HostCommands, check: () => void, sink: PlanSink) {
    this.commands = commands;
    this.check = check;
    this.#sink = sink;
  }

  /** A place of its own for one of several hosts that are looked at at the same time. */
  beside(sink: PlanSink): Planning {
    const beside = new Planning(this.commands, this.check, sink);
    beside.unmet = this.unmet;
    beside.#depth = this.#depth + 1;
    return beside;
  }

  /** What was found beside. What is unmet on any of the hosts is unmet from here on. */
  join(all: readonly Planning[]): void {
    for (const { counts, unmet } of all) {
      this.counts.wouldRun += counts.wouldRun;
      this.counts.inEffect += counts.inEffect;
      this.counts.destroys += counts.destroys;
      this.unmet ??= unmet;
    }
  }

  readonly say = (line: Unplaced): void => this.#sink({ ...line, depth: this.#depth });

  /** Walks what stands inside a branch or a loop. */
  async deeper<R>(body: () => Promise<R>): Promise<R> {
    this.#depth += 1;
    try {
      return await body();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Whether a command can be run now: all of its values are known. */
  ready(call: ShellCall): boolean {
    return commandOf(call).values.every(({ value }) => value !== undefined);
  }
}

type Unplaced = Parameters<PlanSink>[0] extends infer L ? (L extends unknown ? Omit<L, "depth"> : never) : never;

export function planned({ value, knownAfter }: Held): PlannedValue {
  return value === undefined ? { knownAfter: knownAfter ?? "a change" } : { value };
}

export function plannedValues(values: readonly Held[]): Readonly<Record<string, PlannedValue>> {
  return Object.fromEntries(values.map((each) => [each.name, planned(each)]));
}
