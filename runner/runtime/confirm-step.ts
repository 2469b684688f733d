import { harmless } from "../report/style.ts";
import { valueText } from "../report/words.ts";
import { interrupted, notConfirmed } from "./run-errors.ts";
import type { ScriptTools } from "./script-api.ts";
import { operatorName, type Session } from "./session.ts";
import { held, type Held } from "./value.ts";
import type { Question } from "./decisions.ts";

/** A person's decision, with the evidence shown; or the one on record from before. */
export async function confirm(
  session: Session,
  base: string,
  { title, evidence }: Parameters<ScriptTools["confirm"]>[1],
): Promise<void> {
  const { log, position } = session;
  const step = position.arrive(base, title);
  if (session.earlier?.steps.get(step.id)?.confirmed) return;
  session.interrupt.check();
  log.sink.step(step);
  const shown = evidence.map(held);
  const lines = shown.map(({ name, value }) => `  ${name}: ${indented(harmless(valueText(value ?? null)))}`);
  const text = `${lines.join("\n")}\n${title}? To go on, type: yes`;
  const wants = [{ answer: "yes", means: `${title}: goes on` }] as const;
  await decide(session, title, { step: step.id, text, wants }, shown);
}

/** Asks, and records who answered what. @throws RunError DB3305 to DB3307, DB3310 */
export async function decide(
  session: Session,
  title: string,
  question: Question,
  evidence: readonly Held[],
): Promise<"typed" | "given"> {
  const decision = await asked(session, question);
  session.log.append({
    type: "confirm",
    step: question.step,
    data: {
      answer: decision.answer === undefined ? "no" : "yes",
      by: operatorName(session.operator),
      how: decision.how,
      evidence: Object.fromEntries(evidence.map(({ name, value }) => [name, value ?? null])),
    },
  });
  if (decision.answer === undefined) throw notConfirmed(title, resumeOf(session));
  return decision.how;
}

/** The call that asks again what a step asks. */
export function resumeOf({ run }: Session): string {
  return `--resume ${run}`;
}

/** Puts a question, which a wish to stop ends. @param again the call that asks it again @throws RunError DB3306, DB3307, DB3310 */
export async function asked(
  session: Session,
  question: Question,
  again = resumeOf(session),
): ReturnType<Session["decisions"]["ask"]> {
  try {
    return await session.decisions.ask(question, again);
  } catch (error) {
    if (session.interrupt.asked.aborted) throw interrupted();
    throw error;
  }
}

function indented(text: string): string {
  return text.split("\n").join("\n    ");
}
