import type { Plan } from "../../../dsl/plan/plan.ts";
import { walk } from "../../../dsl/plan/walk.ts";
import { exitCode } from "../../exit-codes.ts";
import { planOf } from "../script-plan.ts";
import { copyOf, type Copy, type Unanswered } from "./copies.ts";

/** What a check answered. */
export interface Answered {
  readonly copies: readonly Copy[];
  readonly unanswered: readonly Unanswered[];
}

/** The reads of a runbook that tell what copies a host keeps, by their ids. */
export function readsOfCopies({ steps }: Plan): ReadonlySet<string> {
  return new Set([...walk(steps)].flatMap((step) => (step.kind === "read" && step.copies ? [step.id] : [])));
}

/** Asks a check for the copies that it looks after. Its later reads may say no: what it saw is what counts here. */
export async function askCopies(
  plan: Plan,
  script: string,
  binding: string,
  params: Readonly<Record<string, string>>,
): Promise<Answered> {
  const { code, lines, stderr } = await planOf(script, binding, params);
  const ids = readsOfCopies(plan);
  const of = { runbook: plan.id, params };
  const told = lines.flatMap((line) =>
    line.planned === "read" && ids.has(line.id) && "value" in line.gives
      ? String(line.gives.value)
          .split("\n")
          .filter((text) => text !== "")
          .map((text) => ({ text, copy: copyOf(text, { ...of, host: line.host }) }))
      : [],
  );
  const unread = told.flatMap(({ text, copy }) =>
    copy ? [] : [{ ...of, why: `this is no "STATE SET MOMENT BYTES": ${text}` }],
  );
  const silent =
    told.length === 0 ? [{ ...of, why: code === exitCode.success ? "it told of no set" : stderr.trim() }] : [];
  return { copies: told.flatMap(({ copy }) => copy ?? []), unanswered: [...unread, ...silent] };
}
