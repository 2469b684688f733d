import type { RunState, StepState } from "../journal/fold.ts";
import { hostsOfEach } from "./each-host.ts";
import { Position } from "./position.ts";
import { walkTools } from "./run-tools.ts";
import type { ScriptChange, ScriptRead, ScriptTools } from "./script-api.ts";
import { Held, hostName } from "./value.ts";

/** A step that a run came to, as it is on record. */
export type Visited = {
  readonly id: string;
  readonly title: string;
  readonly before: StepState | undefined;
  /** Where steps are taken on each of several hosts: the host, and what the others have in common with it. */
  readonly lane?: Lane;
} & (
  | { readonly kind: "read"; readonly step: ScriptRead }
  | { readonly kind: "change"; readonly step: ScriptChange; readonly host: string }
  | { readonly kind: "confirm" }
);

interface Lane {
  readonly host: string;
  readonly of: object;
}

/** Where a run stands. */
export interface Stand {
  /** The steps that it came to, in order. */
  readonly visited: readonly Visited[];
  /** Those of them that are not finished: what a resume would begin with. Several only where hosts are worked on together. */
  readonly atHand: readonly Visited[];
}

/** Whether two steps are on hosts that are worked on together: neither came after the other. */
export function areBeside({ lane: one }: Visited, { lane: other }: Visited): boolean {
  return one !== undefined && one.of === other?.of && one.host !== other.host;
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
  const visit = (step: Visited, isFinished: boolean): void => {
    visited.push(step);
    if (!isFinished) throw new NotFinished([step]);
  };
  try {
    await body(replayTools(new Position(0), params, state, visit));
    return { visited, atHand: [] };
  } catch (error) {
    if (!(error instanceof NotFinished)) throw error;
    return { visited, atHand: error.steps };
  }
}

function replayTools(
  position: Position,
  params: Readonly<Record<string, Held>>,
  state: RunState,
  visit: (step: Visited, isFinished: boolean) => void,
  lane?: Lane,
): ScriptTools {
  const arrive = (base: string, title: string): Pick<Visited, "id" | "title" | "before" | "lane"> => {
    const step = position.arrive(base, title);
    return { id: step.id, title: step.title, before: state.steps.get(step.id), ...(lane && { lane }) };
  };
  return {
    ...walkTools(position),
    params,
    read: async (base, step) => {
      const at = arrive(base, step.title);
      visit({ kind: "read", step, ...at }, at.before?.value !== undefined);
      return Held.known(base, at.before?.value ?? null);
    },
    change: async (base, step) => {
      const at = arrive(base, step.title);
      visit({ kind: "change", step, host: hostName(step.on), ...at }, finished.includes(at.before?.outcome));
    },
    confirm: async (base, { title }) => {
      const at = arrive(base, title);
      visit({ kind: "confirm", ...at }, Boolean(at.before?.confirmed));
    },
    // A host that is not finished has kept no other from going on.
    onEach: async (base, step, body) => {
      const open: Visited[] = [];
      const of = {};
      for (const host of hostsOfEach(step)) {
        const tools = replayTools(position.beside(host), params, state, visit, { host, of });
        await body(Held.known(base, host), tools).catch((error: unknown) => {
          if (!(error instanceof NotFinished)) throw error;
          open.push(...error.steps);
        });
      }
      if (open.length > 0) throw new NotFinished(open);
    },
  };
}

const finished: readonly (StepState["outcome"] | undefined)[] = ["done", "marked done", "undone"];

class NotFinished extends Error {
  readonly steps: readonly Visited[];

  constructor(steps: readonly Visited[]) {
    super(steps.map(({ id }) => id).join(", "));
    this.steps = steps;
  }
}
