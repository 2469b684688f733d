import type { Output } from "../journal/record.ts";
import type { Result } from "../transport/transport.ts";
import { observed, type Changing } from "./changing.ts";
import { holdGuards } from "./guards.ts";
import { probe } from "./probe.ts";
import type { ShellCall } from "./script-api.ts";
import type { Session } from "./session.ts";
import { tokenOf } from "./token.ts";
import { undoFailed, undoUnknown } from "./undo-errors.ts";
import type { VisitedChange } from "./undo-plan.ts";

/** Takes one change back, and holds the host to it: what told that the change is in effect must then say no. */
export async function undoChange(session: Session, change: VisitedChange): Promise<void> {
  const { id, step, host, before } = change;
  const { undo } = step;
  if (!undo) throw new TypeError(`${id} has no undo.`);
  const undoing: Changing = { session, id, step, at: { ...step, host }, since: performance.now() };
  // Whatever still runs of the change itself ends first; how it ended does not matter any more.
  const sent = before?.tokens.at(-1);
  if (sent !== undefined && before?.outcome !== "done" && before?.outcome !== "failed")
    await observed(undoing, () => session.commands.outcome(undoing.at, sent), "undo");
  const earlier = await attempted(undoing, before?.undo);
  if (typeof earlier === "object") return await conclude(undoing, earlier);
  // Of a change that was seen to be complete, this tells the whole; of half a change, or half an undo, it does not.
  const whole = before?.outcome === "done" && before.undo === undefined;
  if (whole && (await probe(session.commands, undoing.at, inEffect(undoing))).answer === "no")
    return finish(undoing, "found undone");
  const sameMachine = (step.guards ?? []).filter(({ guard }) => guard === "is-host");
  const connection = await holdGuards(session, id, step.title, undoing.at, sameMachine);
  session.log.append({ type: "intent", step: id, data: { host, token: earlier, undo: true } });
  await session.mirror?.settled();
  const result = await observed(
    undoing,
    () => session.commands.detached(connection, undoing.at, earlier, undo),
    "undo",
  );
  await conclude(undoing, result);
}

/** What came of the last attempt at the undo, or the token of the next one. */
async function attempted(
  undoing: Changing,
  undo: { readonly tokens: readonly string[]; readonly outcome: string } | undefined,
): Promise<Result | string> {
  const { session, id, at } = undoing;
  const tokens = new Set(undo?.tokens);
  const last = [...tokens].at(-1);
  // No step's id ends in an open bracket: the token is no change's.
  const fresh = tokenOf(`${id}[`, tokens.size + 1);
  if (last === undefined || undo?.outcome === "failed") return fresh;
  const outcome = await observed(undoing, () => session.commands.outcome(at, last), "undo");
  return typeof outcome === "object" ? outcome : outcome === "absent" ? last : fresh;
}

async function conclude(undoing: Changing, result: Result): Promise<void> {
  const { session, id, step, at } = undoing;
  const output = session.log.keep(id, "undo", result);
  if (result.status !== 0) {
    session.log.append({ type: "failed", step: id, data: { ...output, what: "undo", status: result.status } });
    throw undoFailed(step.title, at.host, `it ended with exit status ${result.status}`);
  }
  const { answer, detail, result: seen } = await probe(session.commands, at, inEffect(undoing));
  if (answer === "yes" && seen) {
    const kept = session.log.keep(id, "undone", seen);
    session.log.append({ type: "failed", step: id, data: { ...kept, what: "undone", status: seen.status } });
    throw undoFailed(step.title, at.host, "it ended well, and the change is still in effect");
  }
  if (answer !== "no") {
    const why = detail || "its probe gave no answer";
    session.log.append({ type: "unknown", step: id, data: { what: "undone", why } });
    throw undoUnknown(step.title, at.host, why);
  }
  finish(undoing, "ran", output);
}

/** What tells whether the change is in effect: `done`; the postcondition where a person would have to be asked. */
function inEffect({ step }: Changing): ShellCall {
  return step.done === "ask" ? step.verify : (step.done ?? step.verify);
}

function finish({ session, id, since }: Changing, how: "ran" | "found undone", output?: Output): void {
  const seconds = Math.round(performance.now() - since) / 1000;
  session.log.append({ type: "undo", step: id, data: { ...output, how, seconds } });
}
