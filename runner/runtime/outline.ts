import { stepOf } from "../journal/step-id.ts";
import { commonTools } from "./run-tools.ts";
import type { Place, ScriptChange, ScriptTools } from "./script-api.ts";
import { Held, held } from "./value.ts";

/** A step of a script, as far as it can be told before anything is contacted. */
export interface Outlined {
  readonly id: string;
  readonly title: string;
  readonly kind: "read" | "change" | "confirm";
  /** Where it runs; absent where only the run will tell. */
  readonly host?: string;
  /** On each of several hosts: the last item of its id is the host. */
  readonly onEach?: true;
  /** Whether it can come to ask a person. */
  readonly asks: boolean;
  /** `host asset` of what it takes away. */
  readonly destroys: readonly string[];
}

/** The steps of a script in their order: those of every branch, those of a loop once. */
export class Outline {
  readonly steps: readonly Outlined[];
  readonly #byId: ReadonlyMap<string, Outlined>;

  constructor(steps: readonly Outlined[]) {
    this.steps = steps;
    this.#byId = new Map(steps.map((step) => [step.id, step]));
  }

  /** Walks a script with tools that only take notes. */
  static async of(
    body: (tools: ScriptTools) => Promise<void>,
    params: Readonly<Record<string, Held>>,
  ): Promise<Outline> {
    const steps: Outlined[] = [];
    await body(notingTools(params, (step) => void steps.push(step)));
    return new Outline(steps);
  }

  /** A step by the id that the journal gives it. */
  of(id: string): Outlined | undefined {
    return this.#byId.get(stepOf(id));
  }
}

function notingTools(params: Readonly<Record<string, Held>>, note: (step: Outlined) => void): ScriptTools {
  const later = (id: string): Held => Held.unknown(id, "");
  return {
    ...commonTools,
    params,
    read: async (id, { title, on }) => {
      note({ id, title, kind: "read", ...hostOf(on), asks: false, destroys: [] });
      return later(id);
    },
    change: async (id, step) => note({ id, title: step.title, kind: "change", ...hostOf(step.on), ...weight(step) }),
    confirm: async (id, { title }) => note({ id, title, kind: "confirm", asks: true, destroys: [] }),
    when: async (id, _, then, otherwise) => {
      await then();
      await otherwise?.();
      return later(id);
    },
    forEach: (id, _, body) => body(later(id)),
    onEach: (id, _, body) =>
      body(
        later(id),
        notingTools(params, (step) => note({ ...step, onEach: true })),
      ),
  };
}

function weight({ destroys = [], done }: ScriptChange): Pick<Outlined, "asks" | "destroys"> {
  return {
    asks: done === "ask" || destroys.length > 0,
    destroys: destroys.map(({ of, asset }) => [hostOf(of).host, asset].filter(Boolean).join(" ")),
  };
}

function hostOf(on: Place): { readonly host?: string } {
  if (typeof on === "string") return { host: on };
  const { value, text } = held(on);
  return value === undefined ? {} : { host: text };
}
