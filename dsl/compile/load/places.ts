import { originOf } from "../../origin.ts";
import { commandsOf } from "../../plan/commands.ts";
import type { Plan } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import { isTheirs } from "./authors.ts";
import { commandKey, type Places } from "./message.ts";
import { placesIn, type Place } from "./stack.ts";

/** Where the parts of a plan were written, from what the language noted while the body ran. */
export function placesOf(plan: Plan): Places {
  const steps: Record<string, readonly Place[]> = {};
  const commands: Record<string, Place> = {};
  for (const step of walk(plan.steps)) {
    steps[step.id] = origin(step);
    for (const { role, command } of commandsOf(step)) {
      const [place] = origin(command);
      if (place) commands[commandKey(step.id, role)] = place;
    }
  }
  return { runbook: origin(plan), steps, commands };
}

function origin(made: object): readonly Place[] {
  return placesIn(originOf(made) ?? "").filter(({ file }) => isTheirs(file));
}
