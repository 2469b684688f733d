import type { Command, Step } from "./plan.ts";

/** Which command of a step. */
export type CommandRole = "run" | "verify" | "done" | "undo" | `guard ${number}`;

export interface CommandOf {
  readonly role: CommandRole;
  readonly command: Command;
}

/** The commands of a step, in the order of the plan; a `done` that is `verify` is not named twice. */
export function commandsOf(step: Step): readonly CommandOf[] {
  if (step.kind === "read") return [{ role: "run", command: step.run }];
  if (step.kind !== "change") return [];
  const { run, verify, done, undo, guards } = step;
  return [
    ...guards.flatMap((guard, index): CommandOf[] =>
      guard.guard === "holds" ? [{ role: `guard ${index}`, command: guard.run }] : [],
    ),
    { role: "run", command: run },
    { role: "verify", command: verify },
    ...(done !== "ask" && !sameCommand(done, verify) ? [{ role: "done", command: done } as const] : []),
    ...(undo ? [{ role: "undo", command: undo } as const] : []),
  ];
}

/** Whether two commands are the same text with the same values. */
export function sameCommand(a: Command, b: Command): boolean {
  const names = Object.keys(a.vars);
  return (
    a.text === b.text &&
    names.length === Object.keys(b.vars).length &&
    names.every((name) => a.vars[name] === b.vars[name])
  );
}
