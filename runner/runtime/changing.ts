import { TransportError, type Result, type Trouble } from "../transport/transport.ts";
import type { At } from "./host-commands.ts";
import { Abandoned } from "./interrupt.ts";
import { probe } from "./probe.ts";
import { outcomeUnknown, stepFailed } from "./run-errors.ts";
import type { ScriptChange } from "./script-api.ts";
import type { Session } from "./session.ts";
import { undoUnknown } from "./undo-errors.ts";

/** A change that is being brought about. */
export interface Changing {
  readonly session: Session;
  readonly id: string;
  readonly step: ScriptChange;
  readonly at: At;
  /** When it was begun, on this process's clock in milliseconds. */
  readonly since: number;
}

/**
 * Asks the postcondition. No is an observed failure; no answer leaves the outcome unknown.
 * @param ran what the command itself gave, to be kept beside what is recorded here
 */
export async function verify({ session, id, step, at }: Changing, ran?: Result): Promise<void> {
  const { answer, detail, result } = await probe(session.commands, at, step.verify).catch((error: unknown) => {
    if (error instanceof Abandoned) return { answer: "unknown" as const, detail: error.message, result: undefined };
    throw error;
  });
  if (answer === "yes") return;
  if (ran) session.log.keep(id, "run", ran);
  if (answer === "no" && result) {
    const output = session.log.keep(id, "verify", result);
    session.log.append({ type: "failed", step: id, data: { ...output, what: "verify", status: result.status } });
    throw stepFailed(step.title, at.host, "postcondition", result.status);
  }
  const why = detail || "its probe gave no answer";
  session.log.append({ type: "unknown", step: id, data: { what: "verify", why } });
  throw outcomeUnknown(step.title, at.host, "postcondition", why);
}

/** What says that an observation ended before the command did. All else says that nothing was started. */
const inconclusive: readonly Trouble[] = ["lost", "timeout", "output"];

/** Observes the command itself; a lost observation leaves its outcome unknown. */
export async function observed<R>(
  changing: Changing,
  look: () => Promise<R>,
  what: "run" | "undo" = "run",
): Promise<R> {
  const { session, id, step, at } = changing;
  try {
    return await look();
  } catch (error) {
    const unknown = error instanceof TransportError ? inconclusive.includes(error.kind) : error instanceof Abandoned;
    if (!unknown || !(error instanceof Error)) throw error;
    session.log.append({ type: "unknown", step: id, data: { what, why: error.message } });
    if (what === "undo") throw undoUnknown(step.title, at.host, error.message);
    throw outcomeUnknown(step.title, at.host, "command", error.message);
  }
}
