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
  readonly counts = { wouldRun: 0, inEffect: 0 };
  /** `host asset` of all that would be taken away. */
  readonly destroys: string[] = [];
  /** Seconds, of the steps that drills have told of, by id; and how many planned steps they have not told of. */
  readonly expected = new Map<string, number>();
  untimed = 0;
  readonly #seconds: Readonly<Record<string, number>>;
  readonly #sink: PlanSink;
  #depth = 0;

  /**
   * @param check throws when the operator wants to stop
   * @param seconds how long steps took in a drill, by id; in a loop, all its items together
   */
  constructor(commands: HostCommands, check: () => void, seconds: Readonly<Record<string, number>>, sink: PlanSink) {
    this.commands = commands;
    this.check = check;
    this.#seconds = seconds;
    this.#sink = sink;
  }

  /** How long a step that would be taken is expected to take. */
  takes(id: string): { readonly expectedSeconds?: number } {
    const seconds = this.#seconds[id];
    if (seconds === undefined) this.untimed += 1;
    else this.expected.set(id, seconds);
    return seconds === undefined ? {} : { expectedSeconds: seconds };
  }

  /** A place of its own for one of several hosts that are looked at at the same time. */
  beside(sink: PlanSink): Planning {
    const beside = new Planning(this.commands, this.check, this.#seconds, sink);
    beside.unmet = this.unmet;
    beside.#depth = this.#depth + 1;
    return beside;
  }

  /** What was found beside. What is unmet on any of the hosts is unmet from here on. */
  join(all: readonly Planning[]): void {
    for (const { counts, unmet, destroys, expected, untimed } of all) {
      this.counts.wouldRun += counts.wouldRun;
      this.counts.inEffect += counts.inEffect;
      this.destroys.push(...destroys);
      // They are done at the same time, and what a drill told of a step is of all its hosts together.
      for (const [id, seconds] of expected) this.expected.set(id, seconds);
      this.untimed += untimed;
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
