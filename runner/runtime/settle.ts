import type { StepState } from "../journal/fold.ts";
import type { Result } from "../transport/transport.ts";
import { observed, verify, type Changing } from "./changing.ts";
import { asked, resumeOf } from "./confirm-step.ts";
import { probe } from "./probe.ts";
import { notConfirmed, outcomeUnknown } from "./run-errors.ts";
import { operatorName } from "./session.ts";
import { tokenOf } from "./token.ts";

/** What became of a change that may have been begun before. */
export type Settled =
  /** To be run, under this token. */
  | { readonly state: "to run"; readonly token: string }
  /** Its command has ended with this. */
  | { readonly state: "ended"; readonly result: Result }
  | { readonly state: "in effect"; readonly how: "found in effect" | "decided" };

/**
 * Settles what an earlier attempt left open: the host's own record of the attempt first, then the `done` probe, then
 * a person. Nothing is guessed.
 */
export async function settle(changing: Changing, before: StepState | undefined): Promise<Settled> {
  const { session, id, at } = changing;
  const tokens = [...new Set(before?.tokens)];
  const last = tokens.at(-1);
  const fresh = tokenOf(id, tokens.length + 1);
  const isMarked = before?.outcome === "marked not done" || before?.outcome === "marked done";
  // Whoever marked it looked at what had not ended yet.
  if (isMarked && last !== undefined && (await observed(changing, () => session.commands.stillRuns(at, last)))) {
    const ended = await observed(changing, () => session.commands.outcome(at, last));
    if (typeof ended === "object") return { state: "ended", result: ended };
  }
  if (before?.outcome === "marked not done") return { state: "to run", token: fresh };
  if (before?.outcome === "marked done") {
    await verify(changing);
    return { state: "in effect", how: "decided" };
  }
  // What a person did in the run's place left no record on the host.
  const failed = before?.outcome === "failed";
  if (failed || before?.byHand) return await probed(changing, fresh, failed);
  if (last === undefined) return { state: "to run", token: fresh };

  const outcome = await observed(changing, () => session.commands.outcome(at, last));
  if (typeof outcome === "object") return { state: "ended", result: outcome };
  // What never arrived may still be on its way: under its own token it cannot start a second time.
  return await probed(changing, outcome === "absent" ? last : fresh);
}

/** Asks whether the change is in effect already; if not, it is to be run under `token`. */
async function probed(changing: Changing, token: string, failed = false): Promise<Settled> {
  const { session, id, step, at } = changing;
  if (step.done === "ask") return await decided(changing, token, failed);
  const { answer, detail, result } = await probe(session.commands, at, step.done ?? step.verify);
  if (answer === "yes") {
    if (step.done) await verify(changing);
    return { state: "in effect", how: "found in effect" };
  }
  if (answer === "no" || step.effect === "idempotent") return { state: "to run", token };
  session.log.append({ type: "unknown", step: id, data: { what: "done", why: detail || "its probe gave no answer" } });
  throw outcomeUnknown(step.title, at.host, "probe of whether it is done", result ? detail : "nothing was observed");
}

async function decided({ session, id, step, at }: Changing, token: string, failed: boolean): Promise<Settled> {
  const text =
    (failed
      ? `"${step.title}" failed on ${at.host}; how much of it took effect all the same, only a person can tell.\n`
      : `It is not known whether "${step.title}" took effect on ${at.host}, and only a person can tell.\n`) +
    "Look there, then type done (it is in effect) or run (it is not: run it).";
  const decision = await asked(session, {
    step: id,
    text,
    wants: [
      {
        answer: "done",
        means: `you saw on ${at.host} that ${failed ? "though it failed, all of it" : "it"} is in effect: it is taken for done, and not run`,
      },
      {
        answer: "run",
        means: `you saw on ${at.host} that it is not in effect: its command is ${failed ? "run once more" : "run"}`,
      },
    ],
  });
  if (decision.answer === undefined) throw notConfirmed(step.title, resumeOf(session));
  const by = operatorName(session.operator);
  session.log.append({ type: "resolved", step: id, data: { what: decision.answer, by, why: decision.how } });
  return decision.answer === "done" ? { state: "in effect", how: "decided" } : { state: "to run", token };
}
