import type { RunState, StepState } from "../journal/fold.ts";
import { Position } from "./position.ts";
import { walkTools } from "./run-tools.ts";
import type { ScriptChange, ScriptRead, ScriptTools } from "./script-api.ts";
import { Held, hostName } from "./value.ts";

/** A step that a run came to, as it is on record. */
export type Visited = { readonly id: string; readonly title: string; readonly before: StepState | undefined } & (
  | { readonly kind: "read"; readonly step: ScriptRead }
  | { readonly kind: "change"; readonly step: ScriptChange; readonly host: string }
  | { readonly kind: "confirm" }
);

/** Where a run stands. */
export interface Stand {
  /** The steps that it came to, in order. */
  readonly visited: readonly Visited[];
  /** The last of them, where that is not finished: what a resume would begin with. */
  readonly atHand: Visited | undefined;
}

/**
 * Walks a script's body by what is on record alone, up to the first step that is not finished. No host is contacted.
 * A change that was taken back is walked by: what the run did after it was taken back too.
 */
export async function replay(
  body: (tools: ScriptTools) => Promise<void>,
  params: Readonly<Record<string, Held>>,
  state: RunState,
): Promise<Stand> {
  const visited: Visited[] = [];
  const position = new Position(0);
  const arrive = (base: string, title: string): Pick<Visited, "id" | "title" | "before"> => {
    const step = position.arrive(base, title);
    return { id: step.id, title: step.title, before: state.steps.get(step.id) };
  };
  const tools: ScriptTools = {
    ...walkTools(position),
    params,
    read: async (base, step) => {
      const at = arrive(base, step.title);
      visited.push({ kind: "read", step, ...at });
      if (at.before?.value === undefined) throw new NotFinished();
      return Held.known(base, at.before.value);
    },
    change: async (base, step) => {
      const at = arrive(base, step.title);
      visited.push({ kind: "change", step, host: hostName(step.on), ...at });
      if (!finished.includes(at.before?.outcome)) throw new NotFinished();
    },
    confirm: async (base, { title }) => {
      const at = arrive(base, title);
      visited.push({ kind: "confirm", ...at });
      if (!at.before?.confirmed) throw new NotFinished();
    },
  };
  try {
    await body(tools);
    return { visited, atHand: undefined };
  } catch (error) {
    if (!(error instanceof NotFinished)) throw error;
    return { visited, atHand: visited.at(-1) };
  }
}

const finished: readonly (StepState["outcome"] | undefined)[] = ["done", "marked done", "undone"];

class NotFinished extends Error {}
