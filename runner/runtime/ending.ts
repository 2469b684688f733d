import { columnsOf } from "../report/style.ts";
import type { EndedStep, Ending } from "../report/last-screen.ts";
import { stepOf } from "../journal/step-id.ts";
import { mayBeInEffect, type StepState } from "../journal/fold.ts";
import type { RunError } from "../run-error.ts";
import { nextCommands } from "./next-commands.ts";
import type { Outlined } from "./outline.ts";
import type { Prepared } from "./prepare.ts";
import type { Session } from "./session.ts";

/** How long this process had the run, and how long ago it was begun when this process came to it. */
interface Spans {
  readonly seconds: number;
  readonly goneBefore: number;
}

/** What the last screen tells of a run that this process leaves. */
export function endingOf(
  session: Session,
  prepared: Prepared,
  folder: string,
  { seconds, goneBefore }: Spans,
  error: RunError | undefined,
): Ending {
  const { log, locks } = session;
  const { state } = log;
  // By the records, not by where this process came to: an earlier one may have been further.
  const begun = [...state.steps].filter(([, step]) => mayBeInEffect(step));
  const destroyed = new Set(begun.flatMap(([id]) => prepared.outline.of(id)?.destroys ?? []));
  return {
    folder,
    steps: [...state.steps].map(([id, step]) => ended(prepared, id, step)),
    destroyed: [...destroyed],
    locked: locks.held,
    head: log.head,
    ...(session.mirror?.lost !== undefined && { mirrorLost: session.mirror.lost }),
    seconds,
    goneSeconds: goneBefore + seconds,
    objectiveSeconds: prepared.head.objective.rtoSeconds,
    columns: columnsOf(process.stdout),
    next: error ? nextCommands(prepared, session, error) : [],
    ...(error && { error: error.message }),
  };
}

function ended({ outline }: Prepared, id: string, { outcome }: StepState): EndedStep {
  const { title = stepOf(id), host = itemOf(id, outline.of(id)) } = outline.of(id) ?? {};
  return { title, ...(host !== undefined && { host }), outcome: outcomes[outcome] };
}

/** The host of a step that is taken on each of several. */
function itemOf(id: string, outlined: Outlined | undefined): string | undefined {
  return outlined?.onEach && /\[([^\]]*)\]$/u.exec(id)?.[1];
}

const outcomes: Readonly<Record<StepState["outcome"], EndedStep["outcome"]>> = {
  read: "complete",
  confirmed: "complete",
  done: "in effect",
  "marked done": "in effect",
  "marked not done": "not begun",
  undone: "not begun",
  failed: "failed",
  intended: "not known",
  unknown: "not known",
  declined: "not begun",
  begun: "not begun",
};
