import { DrillError, infrastructure, interrupted } from "./errors.ts";
import { phases, type Emit, type Phase } from "./events.ts";
import { messageOf } from "./message.ts";
import type { RunOptions } from "./options.ts";
import { parts, whyOf, type Part, type PartVerdict, type Why } from "./result.ts";
import type { Progress, World } from "./world.ts";

/** What a phase is handed: its name, and whom it tells. */
export interface Stage {
  readonly phase: Phase;
  readonly emit: Emit;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Seconds to wait for what should come by itself: a probe to turn, a write to be acknowledged. */
  readonly patience: number;
}

/** The course of one drill: goes from phase to phase, and keeps each part's verdict with its reason. */
export class Course {
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #patience: number;
  readonly verdicts = Object.fromEntries(parts.map((part) => [part, "not reached"])) as Record<Part, PartVerdict>;
  readonly reasons: Partial<Record<Part, Why>> = {};

  constructor(emit: Emit, { signal = new AbortController().signal, patience = 30 }: RunOptions) {
    this.#emit = emit;
    this.#signal = signal;
    this.#patience = patience;
  }

  /** Whether somebody has interrupted the drill. */
  get interrupted(): boolean {
    return this.#signal.aborted;
  }

  /**
   * Goes through one phase. What is thrown in it decides its part: a DrillError says how, anything else is a fault of
   * the machines, and the part is void.
   * @throws DrillError
   */
  async phase<R>(phase: Phase, body: (stage: Stage) => Promise<R>): Promise<R> {
    const [emit, signal, patience] = [this.#emit, this.#signal, this.#patience];
    const [part, begun] = [phases[phase], performance.now()];
    const seconds = (): number => (performance.now() - begun) / 1000;
    emit({ type: "phase begun", phase });
    try {
      if (part !== "cleanup") signal.throwIfAborted();
      const result = await body({
        phase,
        emit,
        signal,
        patience,
        progress: (doing) => emit({ type: "progress", phase, doing }),
      });
      this.verdicts[part] = "passed";
      emit({ type: "phase ended", phase, seconds: seconds() });
      return result;
    } catch (thrown) {
      const error = this.#reason(phase, thrown);
      this.verdicts[part] = error.kind === "usage" ? "void" : error.kind;
      this.reasons[part] = whyOf(error);
      emit({ type: "phase ended", phase, seconds: seconds(), why: whyOf(error) });
      throw error;
    }
  }

  /** Leaves the machines as they are, and gives a command for a shell on each. */
  async keep(world: World): Promise<Readonly<Record<string, string>>> {
    await world.keep();
    this.verdicts.cleanup = "kept";
    return world.shells();
  }

  #reason(phase: Phase, thrown: unknown): DrillError {
    if (this.interrupted && phases[phase] !== "cleanup") return interrupted(phase);
    return thrown instanceof DrillError ? thrown : infrastructure(phase, messageOf(thrown));
  }
}
